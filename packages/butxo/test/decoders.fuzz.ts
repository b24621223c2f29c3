import { readFileSync } from "node:fs";
import type { FuzzTarget } from "../../../scripts/harness.ts";
import {
  ButxoError,
  blockHash,
  bytom,
  createStatusProof,
  createTransactionProof,
  type Dialect,
  decodeAddress,
  decodeBlock,
  decodeBlockHeader,
  decodeTransaction,
  decodeTransactions,
  encodeAddress,
  encodeBlock,
  encodeBlockHeader,
  encodeTransaction,
  encodeTransactions,
  equalBytes,
  fromHex,
  isStandardProgram,
  listEntries,
  mapTransaction,
  Reader,
  signatureHash,
  statusMerkleRoot,
  type Transaction,
  transactionId,
  transactionMerkleRoot,
  vapor,
  verifyStatusProof,
  verifyTransactionProof,
  Writer,
} from "../src/index.ts";

interface Vectors {
  readonly chain: { readonly blocks: readonly { readonly raw: string }[] };
  readonly side: { readonly blocks: readonly { readonly full_hex: string }[] };
}

/** Every decoder. What is accepted must be writable, and mean the same when it is read again. */
export default function decoders(): FuzzTarget[] {
  const chain = load<Vectors["chain"]>("ledger/chain_solonet.json");
  const side = load<Vectors["side"]>("vapor/block_headers.json");
  const suffixed = load<{ raw: string }[]>("ledger/tx_suffixes.json").map(({ raw }) =>
    fromHex(raw),
  );
  const sideTransactions = load<{ hex: string }[]>("vapor/transactions.json");
  const mainBlocks = chain.blocks.filter((_, i) => i % 10 === 5).map(({ raw }) => fromHex(raw));
  const sideBlocks = side.blocks.map(({ full_hex }) => fromHex(full_hex));
  const mainTransactions = mainBlocks.flatMap((raw) => decodeBlock(raw, bytom).transactions);
  const addresses = load<{ valid: { address: string }[] }>("ledger/address.json").valid;

  return [
    ...targetsOf(bytom, mainBlocks, [...mainTransactions.map(encodeTransaction), ...suffixed]),
    ...targetsOf(
      vapor,
      sideBlocks,
      sideTransactions.map(({ hex }) => fromHex(hex)),
    ),
    target(
      "address",
      addresses.map(({ address }) => ascii(address)),
      checkAddress,
    ),
    target("varint", [Uint8Array.of(0x80, 0x01)], checkVarints),
    target("strings", [Uint8Array.of(2, 1, 7, 2, 8, 9)], checkStrings),
    target("merkle-proof", [Uint8Array.of(5, 2, 1, 0, 2)], checkProof),
    target("program", [fromHex(`0014${"00".repeat(20)}`)], (input) => {
      isStandardProgram(input);
    }),
    target("hex", [ascii("00ff")], (input) => {
      const text = String.fromCharCode(...input);
      const bytes = fromHex(text);
      check(bytes.length * 2 === text.length, "length");
    }),
  ];
}

function targetsOf(
  dialect: Dialect,
  blocks: readonly Uint8Array[],
  transactions: readonly Uint8Array[],
): FuzzTarget[] {
  const named = (what: string) => `${what}-${dialect.name}`;
  const targets = [
    target(named("transaction"), transactions, (input) => {
      checkTransaction(decodeTransaction(input, dialect), input.length);
    }),
    target(named("block"), blocks, (input) => {
      const block = decodeBlock(input, dialect);
      const again = decodeBlock(encodeBlock(block), dialect);
      check(equalBytes(blockHash(block.header), blockHash(again.header)), "block hash");
      check(block.transactions.length === again.transactions.length, "number of transactions");
      for (const transaction of block.transactions) checkTransaction(transaction);
    }),
    target(
      named("header"),
      blocks.map((raw) => encodeBlockHeader(decodeBlock(raw, dialect).header)),
      (input) => {
        const header = decodeBlockHeader(input, dialect);
        const encoded = encodeBlockHeader(header);
        check(encoded.length <= input.length, "a header does not grow");
        const again = decodeBlockHeader(encoded, dialect);
        check(equalBytes(blockHash(header), blockHash(again)), "block hash");
      },
    ),
  ];
  if (!dialect.hasBareTransactions) return targets;
  const bare = blocks.map((raw) => encodeTransactions(decodeBlock(raw, dialect).transactions));
  const bareTarget = target(named("transactions"), bare, (input) => {
    for (const transaction of decodeTransactions(input, dialect)) checkTransaction(transaction);
  });
  return [...targets, bareTarget];
}

function checkTransaction(transaction: Transaction, size = transaction.serializedSize): void {
  const id = transactionId(transaction);
  const again = decodeTransaction(encodeTransaction(transaction), transaction.dialect);
  check(equalBytes(id, transactionId(again)), "transaction id");
  check(transaction.serializedSize === size, "size");
  const mapped = mapTransaction(transaction);
  check(equalBytes(id, mapped.id), "mapped id");
  listEntries(mapped);
  transaction.inputs.forEach((_, i) => {
    signatureHash(mapped, i);
  });
}

function checkAddress(input: Uint8Array): void {
  const text = String.fromCharCode(...input);
  const prefix = text.slice(0, 2).toLowerCase();
  const { hash } = decodeAddress(text, prefix);
  check(encodeAddress(hash, prefix) === text.toLowerCase(), "address");
}

function checkVarints(input: Uint8Array): void {
  const wide = new Reader(input).varint63();
  check(new Reader(new Writer().varint63(wide).bytes()).varint63() === wide, "varint63");
  const narrow = new Reader(input).varint31();
  check(BigInt(narrow) === wide, "varint31");
}

function checkStrings(input: Uint8Array): void {
  const reader = new Reader(input);
  const items = reader.varstrList();
  check(reader.offset <= input.length, "offset");
  const encoded = new Writer().varstrList(items).bytes();
  check(encoded.length <= reader.offset, "a list does not grow");
  const again = new Reader(encoded);
  check(again.varstrList().length === items.length, "items");
  again.finish();
}

/** The first bytes make a tree and a subset of it, the others are flags and hashes of somebody's proof. */
function checkProof(input: Uint8Array): void {
  const count = 1 + ((input[0] ?? 0) % 20);
  const ids = Array.from({ length: count }, (_, i) => new Uint8Array(32).fill(i + 1));
  const related = ids.filter((_, i) => (((input[1] ?? 0) >> (i % 8)) & 1) === 1);
  const statuses = ids.map((_, i) => i % 3 === 0);
  const root = transactionMerkleRoot(ids);
  const honest = createTransactionProof(ids, related);
  check(verifyTransactionProof(honest, related, root), "honest proof");
  const statusProof = createStatusProof(statuses, honest.flags);
  const proven = statuses.filter((_, i) => (((input[1] ?? 0) >> (i % 8)) & 1) === 1);
  check(verifyStatusProof(statusProof, proven, statusMerkleRoot(statuses)), "status proof");
  const flags = [...input.subarray(2)];
  const claimed = { flags: flags.map((flag) => flag % 4), hashes: honest.hashes };
  const stranger = [new Uint8Array(32).fill(0xee)];
  check(!verifyTransactionProof(claimed, stranger, root), "a stranger is not in the tree");
  createStatusProof(statuses, claimed.flags);
}

function target(
  name: string,
  seeds: readonly Uint8Array[],
  run: (input: Uint8Array) => void,
): FuzzTarget {
  const isExpected = (error: unknown) => error instanceof ButxoError;
  return { name: `butxo/${name}`, seeds, run, isExpected };
}

function check(holds: boolean, law: string): void {
  if (!holds) throw new Error(`broken law: ${law}`);
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function load<T>(path: string): T {
  return JSON.parse(readFileSync(`vectors/${path}`, "utf8")) as T;
}
