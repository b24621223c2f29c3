import { readFileSync } from "node:fs";
import {
  ButxoError,
  blockHash,
  bytomSolonet,
  decodeBlock,
  decodeTransaction,
  fromHex,
  mapTransaction,
} from "@bystack/butxo";
import type { FuzzTarget } from "../../../scripts/harness.ts";
import {
  ChainError,
  createProgramRunner,
  validateBlockBody,
  validateTransaction,
} from "../src/index.ts";

const runProgram = createProgramRunner();
const { dialect } = bytomSolonet;

function hexes(file: string, pick: (json: never) => unknown[]): Uint8Array[] {
  const json = JSON.parse(readFileSync(`vectors/ledger/${file}.json`, "utf8")) as never;
  return pick(json).flatMap((hex) => (typeof hex === "string" && hex !== "" ? [fromHex(hex)] : []));
}

/** Whatever can be decoded gets a verdict, and nothing but a `ChainError` speaks of it. */
export default function validation(): FuzzTarget[] {
  return [
    {
      name: "chain/transaction verdict",
      seeds: hexes("tx_validation", (cases: { raw: string }[]) =>
        cases.map(({ raw }) => raw),
      ).slice(0, 120),
      run(input) {
        const mapped = mapTransaction(decodeTransaction(input, dialect));
        for (const isFirstInBlock of [false, true]) {
          const verdict = validateTransaction(mapped, {
            blockVersion: 1n,
            blockHeight: 200_000n,
            isFirstInBlock,
            params: bytomSolonet,
            runProgram,
          });
          if (verdict.gasValid && (verdict.gasUsed < 0n || verdict.btmValue < 0n))
            throw new Error("negative figures");
        }
      },
      isExpected: (error) => error instanceof ButxoError,
    },
    {
      name: "chain/block body",
      seeds: hexes("block_validation", ({ cases }: { cases: { block: string }[] }) =>
        cases.map(({ block }) => block),
      ).slice(0, 40),
      run(input) {
        const block = decodeBlock(input, dialect);
        const hash = blockHash(block.header);
        const judged = validateBlockBody(block, hash, { params: bytomSolonet, runProgram });
        if (judged.length !== block.transactions.length) throw new Error("transactions are lost");
      },
      isExpected: (error) => error instanceof ButxoError || error instanceof ChainError,
    },
  ];
}
