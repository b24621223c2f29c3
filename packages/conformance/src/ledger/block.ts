import {
  type Block,
  blockHash,
  bytom,
  formatBlock,
  formatBlockHeader,
  parseBlock,
  transactionId,
} from "@bystack/butxo";
import { equal, type Fields, flag, text } from "../check.ts";
import type { Handler } from "../runner.ts";
import { describeHeader } from "./block-header.ts";
import { checkLists, compareFields, lowerCase } from "./describe.ts";
import { checkError } from "./reference-error.ts";

const FULL_BLOCK = "03";

/** `block`: fields and bytes of blocks, and texts to parse. */
export const blocks: Handler = (file, context) => {
  checkLists(file, context, { encode: checkBlock, decode: checkParsing });
};

/** Checks one described block. */
export function checkBlock({ raw, reserialized, ...rest }: Fields): void {
  const input = text(raw, "raw");
  const block = parseBlock(input, bytom);
  // A header alone is a block too, but is written back in full.
  const written = reserialized ?? (input.startsWith(FULL_BLOCK) ? input : undefined);
  if (written !== undefined) equal(formatBlock(block), written, "reserialized");
  const ours = {
    ...describeHeader(block.header),
    header_raw: formatBlockHeader(block.header),
    tx_ids: block.transactions.map(transactionId),
  };
  compareFields(ours, rest, "block");
}

function checkParsing({ text: input, ok, error, ...rest }: Fields): void {
  const parse = (): Block => parseBlock(text(input, "text"), bytom);
  if (!flag(ok, "ok")) {
    checkError(parse, text(error, "error"));
    return;
  }
  const block = parse();
  const { reserialized, ...fields } = rest;
  equal(formatBlock(block), reserialized ?? lowerCase(input), "reserialized");
  const ours = {
    hash: blockHash(block.header),
    tx_count: String(block.transactions.length),
    tx_ids: block.transactions.map(transactionId),
  };
  compareFields(ours, fields, "block");
}
