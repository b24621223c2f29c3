import { readFileSync } from "node:fs";
import { sha3, sha3Backend } from "@bystack/crypto";
import type { BenchSuite } from "../../../scripts/harness.ts";
import {
  bytom,
  createTransactionProof,
  decodeAddress,
  decodeBlock,
  decodeTransaction,
  encodeBlock,
  encodeTransaction,
  fromHex,
  mapTransaction,
  transactionId,
  transactionMerkleRoot,
} from "../src/index.ts";

/** Of the recorded chain: 301 blocks that the original made, with all kinds of transactions. */
const CHAIN = "vectors/ledger/chain_solonet.json";
const LEAVES = 1000;
const ADDRESS = "bm1q7ddun9dtgh8zxp26fghu7p636rexr5xqvw834m";

/** What a node does with every block: read it, name what is in it, and compare the roots. */
export default function ledger(): BenchSuite[] {
  const { blocks } = JSON.parse(readFileSync(CHAIN, "utf8")) as { blocks: { raw: string }[] };
  const rawBlocks = blocks.map(({ raw }) => fromHex(raw));
  const decodedBlocks = rawBlocks.map((raw) => decodeBlock(raw, bytom));
  const transactions = decodedBlocks.flatMap((block) => block.transactions);
  const rawTransactions = transactions.map(encodeTransaction);
  const ids = Array.from({ length: LEAVES }, (_, i) => sha3(Uint8Array.of(i >> 8, i & 0xff)));
  const tenth = ids.filter((_, i) => i % 10 === 0);
  const count = rawTransactions.length;
  const bytes = rawTransactions.reduce((sum, { length }) => sum + length, 0);

  return [
    {
      name: "transactions of the recorded chain",
      cases: [
        {
          name: "decode and id",
          operations: count,
          run: () => each(rawTransactions, (raw) => transactionId(decodeTransaction(raw, bytom))),
        },
        {
          name: "decode",
          operations: count,
          comparedTo: "decode and id",
          run: () => each(rawTransactions, (raw) => decodeTransaction(raw, bytom)),
        },
        {
          name: "decode and map",
          operations: count,
          comparedTo: "decode and id",
          run: () => each(rawTransactions, (raw) => mapTransaction(decodeTransaction(raw, bytom))),
        },
        {
          name: "encode",
          operations: count,
          comparedTo: "decode and id",
          run: () => each(transactions, encodeTransaction),
        },
      ],
      notes: [
        `${count} transactions, ${Math.round(bytes / count)} bytes on average; SHA3: ${sha3Backend().name}`,
        "the original decodes and names 97,000 a CPU second on the reference machine",
      ],
    },
    {
      name: "blocks of the recorded chain",
      cases: [
        {
          name: "decode",
          operations: rawBlocks.length,
          run: () => each(rawBlocks, (raw) => decodeBlock(raw, bytom)),
        },
        {
          name: "encode",
          operations: rawBlocks.length,
          comparedTo: "decode",
          run: () => each(decodedBlocks, encodeBlock),
        },
      ],
    },
    {
      name: "Merkle tree and addresses",
      cases: [
        { name: `root of ${LEAVES} ids`, run: () => transactionMerkleRoot(ids) },
        {
          name: `proof of ${tenth.length} in ${LEAVES} ids`,
          comparedTo: `root of ${LEAVES} ids`,
          run: () => createTransactionProof(ids, tenth),
        },
        { name: "decode an address", run: () => decodeAddress(ADDRESS, "bm") },
      ],
    },
  ];
}

/** Keeps only the last result: what garbage collection costs for all of them depends on who keeps them. */
function each<T, R>(items: readonly T[], work: (item: T) => R): R | undefined {
  let last: R | undefined;
  for (const item of items) last = work(item);
  return last;
}
