import { readFileSync } from "node:fs";
import { type Block, bytomSolonet, decodeBlock, encodeBlock, fromHex } from "@bystack/butxo";
import { openMemory } from "@bystack/storage";
import type { BenchCase, BenchSuite } from "../../../scripts/harness.ts";
import { ChainError, openChain, proofOfWorkEngine } from "../src/index.ts";
import { createValidatorPool, type ValidatorPool } from "../src/pool/index.ts";
import {
  type Branch,
  type Coin,
  coinsOf,
  engine,
  extend,
  extendMany,
  genesisBranch,
  last,
  lateClock,
  params,
  spendable,
  spendOf,
  transactionOf,
} from "./kit.ts";
import { createKey, type Key, signedTransaction } from "./signed.ts";

const BLOCKS = 8;
const PER_BLOCK = 250;
const COUNT = BLOCKS * PER_BLOCK;
/** `BENCH_WORKERS=4` for machines with more cores. */
const WORKERS = Number(process.env["BENCH_WORKERS"] ?? 2);

interface Locked {
  readonly coin: Coin;
  readonly key: Key;
}

/** Windows of blocks through a chain in memory, in one thread and with worker threads. */
export default function blocks(): BenchSuite[] {
  const keys = Array.from({ length: 256 }, createKey);
  const pools = Array.from({ length: WORKERS }, (_, i) =>
    createValidatorPool({ params, size: i + 1 }),
  );
  const base = funded(keys);
  const suites = [
    suite("independent transactions", grow(base, independent(base, keys)), pools),
    suite("dependent transactions", grow(base, dependent(base, keys)), pools),
    suite("the last transaction fails", failing(grow(base, independent(base, keys))), pools),
    recorded(),
  ];
  const close = () => Promise.all(pools.map((pool) => pool.close()));
  return suites.map((made, i) => (i === suites.length - 1 ? { ...made, close } : made));
}

function suite(
  name: string,
  branches: readonly Branch[],
  pools: readonly ValidatorPool[],
): BenchSuite {
  const raw = branches.map(({ block }) => encodeBlock(block));
  const serial = "serial";
  const cases: BenchCase[] = [undefined, ...pools].map((judge) => ({
    name: judge === undefined ? serial : `pool of ${judge.size}`,
    operations: COUNT,
    ...(judge === undefined ? {} : { comparedTo: serial }),
    async run() {
      const storage = await openMemory();
      const chain = await openChain({ params, engine, storage, clock: lateClock, judge });
      try {
        await chain.processBlocks(decoded(raw));
      } catch (error) {
        if (!(error instanceof ChainError)) throw error;
      }
      await chain.close();
    },
  }));
  const notes = [`${BLOCKS} blocks with ${PER_BLOCK} signed 2-in-2-out transactions each`];
  return { name: `window: ${name}`, cases, notes, timeMs: 4000 };
}

async function* decoded(raw: readonly Uint8Array[]): AsyncGenerator<Block> {
  for (const bytes of raw) yield decodeBlock(bytes, params.dialect);
}

/** A chain with two coins for each transaction, locked by keys. */
function funded(keys: readonly Key[]): Branch[] {
  const branches = extendMany(genesisBranch(), 4);
  const coins = spendable(last(branches)).slice(0, 2);
  const funding = coins.map((coin) => {
    const share = (coin.amount - 100_000_000n) / BigInt(COUNT);
    return transactionOf(
      [spendOf(coin)],
      Array.from({ length: COUNT }, (_, i) => ({
        type: "output",
        assetId: coin.assetId,
        amount: share,
        controlProgram: keyAt(keys, i).program,
      })),
    );
  });
  branches.push(extend(last(branches), funding));
  return branches;
}

function keyAt(keys: readonly Key[], i: number): Key {
  const key = keys[i % keys.length];
  if (key === undefined) throw new Error("no keys");
  return key;
}

function lockedCoins(branches: readonly Branch[], keys: readonly Key[]): Locked[] {
  const { block } = last(branches);
  return block.transactions
    .slice(1)
    .flatMap((transaction) =>
      coinsOf(transaction).map((coin, i) => ({ coin, key: keyAt(keys, i) })),
    );
}

type Transactions = ReturnType<typeof signedTransaction>[];

function independent(branches: readonly Branch[], keys: readonly Key[]): Transactions {
  const coins = lockedCoins(branches, keys);
  return Array.from({ length: COUNT }, (_, i) =>
    signedTransaction(coins.slice(2 * i, 2 * i + 2), [keyAt(keys, i), keyAt(keys, i + 1)]),
  );
}

/** Each spends both outputs of the one before, with a fresh coin now and then for the fees. */
function dependent(branches: readonly Branch[], keys: readonly Key[]): Transactions {
  const rich = lockedCoins(branches, keys);
  const transactions: Transactions = [];
  let carried: Locked[] = [];
  for (let i = 0; i < COUNT; i++) {
    const inputs = [...carried.slice(0, 1), ...rich.splice(0, 2 - Math.min(1, carried.length))];
    const owners = [keyAt(keys, i), keyAt(keys, i + 1)];
    const transaction = signedTransaction(inputs, owners);
    transactions.push(transaction);
    carried = coinsOf(transaction).map((coin, j) => ({ coin, key: keyAt(keys, i + j) }));
  }
  return transactions;
}

function grow(base: readonly Branch[], transactions: Transactions): Branch[] {
  const branches = base.slice();
  for (let i = 0; i < COUNT; i += PER_BLOCK)
    branches.push(extend(last(branches), transactions.slice(i, i + PER_BLOCK)));
  return branches;
}

/** The last transaction spends what another has spent; the fault shows only in the end. */
function failing(branches: readonly Branch[]): Branch[] {
  const { block } = last(branches);
  const [, first] = block.transactions;
  const before = branches.at(-2);
  if (first === undefined || before === undefined) throw new Error("too short");
  return [...branches.slice(0, -1), extend(before, [...block.transactions.slice(1), first])];
}

/** The whole way from bytes to a chain in memory, without proof of work. */
function recorded(): BenchSuite {
  const path = "vectors/ledger/chain_solonet.json";
  const { blocks: items } = JSON.parse(readFileSync(path, "utf8")) as { blocks: { raw: string }[] };
  const raw = items.map((item) => fromHex(item.raw));
  return {
    name: "import of the recorded chain, without proof of work",
    cases: [
      {
        name: "blocks",
        operations: raw.length,
        async run() {
          const chain = await openChain({
            params: bytomSolonet,
            engine: proofOfWorkEngine({ verifyWork: async () => true }),
            storage: await openMemory(),
            clock: Date,
          });
          await chain.processBlocks(decoded(raw));
        },
      },
    ],
    notes: [`${raw.length} blocks with 157 transactions beside the coinbases`],
  };
}
