import { ButxoError, bytomSolonet, decodeBlock, encodeBlock, toHex } from "@bystack/butxo";
import { signatureBackend, useSignatureBackend } from "@bystack/crypto";
import { loadSodiumNative } from "@bystack/crypto/sodium-native";
import { openMemory, type StorageEngine } from "@bystack/storage";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ChainError } from "../src/index.ts";
import {
  createValidatorPool,
  createWorkerHandler,
  type ValidatorPool,
  type WorkerReply,
} from "../src/pool/index.ts";
import { RawBlock } from "../src/raw-block.ts";
import { rulesOf } from "../src/validation/transaction.ts";
import {
  coinsOf,
  extend,
  extendMany,
  firstCoin,
  genesisBranch,
  last,
  params,
  soloChain,
  split,
} from "./kit.ts";
import { reversingPool } from "./pools.ts";

const base = extendMany(genesisBranch(), 4);
const parent = split([firstCoin(last(base))], 60);
const busy = extend(last(base), [parent, ...coinsOf(parent).map((coin) => split([coin], 1))]);
const good = [...base.map(({ block }) => block), busy.block].map(encodeBlock);
const next = encodeBlock(extend(busy).block);
const go = { aborted: false };

async function* each(raw: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* raw;
}

/** All rows of a store, as text. */
async function rowsOf(storage: StorageEngine): Promise<string[]> {
  const rows: string[] = [];
  for await (const [key, value] of storage.iterate({})) rows.push(`${toHex(key)} ${toHex(value)}`);
  return rows;
}

/** Imports bytes and gives what is stored then. */
async function stored(raw: readonly Uint8Array[], judge?: ValidatorPool): Promise<string[]> {
  const storage = await openMemory();
  const chain = await soloChain({ storage, judge });
  expect(await chain.processBlocks(each(raw))).toBe(raw.length);
  return rowsOf(storage);
}

/** Says the block's number of transactions with a byte more than it takes. */
function withLongCount(bytes: Uint8Array): Uint8Array {
  const { header, transactions } = decodeBlock(bytes, params.dialect);
  const at = encodeBlock({ header, transactions: [] }).length - 1;
  const count = [(transactions.length & 0x7f) | 0x80, 0];
  return Uint8Array.from([...bytes.subarray(0, at), ...count, ...bytes.subarray(at + 1)]);
}

const judges: readonly (readonly [string, () => ValidatorPool | undefined])[] = [
  ["without workers", () => undefined],
  ["with workers in this thread", () => reversingPool(2)],
  ["with worker threads", () => createValidatorPool({ params, size: 2 })],
];

describe.each(judges)("blocks as bytes, %s", (_, createJudge) => {
  it("are stored as decoded ones are", async () => {
    const judge = createJudge();
    const expected = await stored(good);
    expect(await stored(good, judge)).toEqual(expected);
    // Accepted by the network, but not as it would write them.
    const odd = [...good.slice(0, -1), withLongCount(good.at(-1) ?? next)];
    expect(await stored(odd, judge)).toEqual(expected);
    await judge?.close();
  });

  it.each([
    ["a header that is cut off", next.subarray(0, 40), "eof"],
    ["transactions that are cut off", next.subarray(0, -1), "eof"],
    ["bytes after the block", Uint8Array.from([...next, 0]), "trailing-garbage"],
    ["nothing", new Uint8Array(), "unsupported-serialization-flags"],
  ])("are refused in their turn: %s", async (__, bytes, code) => {
    const judge = createJudge();
    const chain = await soloChain({ judge });
    const error: unknown = await chain
      .processBlocks(each([...good, bytes]))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChainError);
    expect(error).toMatchObject({ code: "invalid-block" });
    const { cause } = error as ChainError;
    expect(cause).toBeInstanceOf(ButxoError);
    expect((cause as ButxoError).code).toContain(code);
    expect(chain.tip.height).toBe(5n);
    await judge?.close();
  });
});

it("is decoded here where memory cannot be shared", async () => {
  const judge = createValidatorPool({ params, size: 1 });
  const block = new RawBlock(next, params.dialect);
  vi.stubGlobal("SharedArrayBuffer", undefined);
  try {
    expect(await judge.judge(block, go)).toHaveLength(1);
    expect(block.isDecoded).toBe(true);
    const broken = new RawBlock(next.subarray(0, -1), params.dialect);
    expect(await judge.judge(broken, go)).toEqual([]);
  } finally {
    vi.unstubAllGlobals();
    await judge.close();
  }
});

it("is not decoded by the main thread when workers find it good", async () => {
  const judge = createValidatorPool({ params, size: 2 });
  const block = new RawBlock(next, params.dialect);
  const judgments = await judge.judge(block, go);
  expect(judgments).toHaveLength(1);
  expect(block).toMatchObject({ isDecoded: false, isCanonical: true });
  expect(block.transactions).toHaveLength(1);
  await judge.close();
});

describe("signatures in workers", () => {
  afterEach(() => useSignatureBackend());

  const start = (signatureLibrary?: string): WorkerReply | undefined =>
    createWorkerHandler()({ type: "start", rules: rulesOf(bytomSolonet), signatureLibrary });

  it("are checked by the library of the pool's thread, or the best that is there", () => {
    start("/nowhere/sodium-native.js");
    expect(signatureBackend().name).toBe("node-crypto");
    start(loadSodiumNative().file);
    expect(signatureBackend().name).toBe("sodium-native");
  });
});
