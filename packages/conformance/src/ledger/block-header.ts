import {
  type BlockHeader,
  blockHash,
  bytom,
  formatBlockHeader,
  parseBlockHeader,
} from "@bystack/butxo";
import { equal, type Fields, flag, text } from "../check.ts";
import type { Handler } from "../runner.ts";
import { checkLists, compareFields, lowerCase } from "./describe.ts";
import { checkError } from "./reference-error.ts";

/** `block_header`: fields and bytes of headers, and texts to parse. */
export const blockHeaders: Handler = (file, context) => {
  checkLists(file, context, { encode: checkHeader, decode: checkParsing });
};

/** Checks one described header. */
export function checkHeader({ raw, reserialized, ...rest }: Fields): void {
  const header = parseBlockHeader(text(raw, "raw"), bytom);
  equal(formatBlockHeader(header), reserialized ?? raw, "reserialized");
  compareFields(describeHeader(header), rest, "header");
}

/** A main-chain header in the names of the vectors. */
export function describeHeader(header: BlockHeader): Fields {
  const { seal } = header;
  return {
    version: header.version,
    height: header.height,
    previous_block_hash: header.previousBlockHash,
    timestamp: header.timestamp,
    transaction_merkle_root: header.transactionMerkleRoot,
    transaction_status_hash: header.transactionStatusHash,
    hash: blockHash(header),
    ...(seal.type === "proof-of-work" ? { nonce: seal.nonce, bits: seal.bits } : {}),
  };
}

function checkParsing({ text: input, ok, error, reserialized, ...rest }: Fields): void {
  const parse = (): BlockHeader => parseBlockHeader(text(input, "text"), bytom);
  if (!flag(ok, "ok")) {
    checkError(parse, text(error, "error"));
    return;
  }
  const header = parse();
  equal(formatBlockHeader(header), reserialized ?? lowerCase(input), "reserialized");
  compareFields(describeHeader(header), rest, "header");
}
