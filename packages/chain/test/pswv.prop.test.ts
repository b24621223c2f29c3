import { type Block, encodeBlock, mapTransaction, type Transaction, toHex } from "@bystack/butxo";
import {
  nobleSignatures,
  type SignatureBackend,
  signatureBackend,
  useSignatureBackend,
} from "@bystack/crypto";
import { loadSodiumNative } from "@bystack/crypto/sodium-native";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import {
  type Chain,
  ChainError,
  prefetchList,
  resolveWindow,
  type WindowBlock,
} from "../src/index.ts";
import { createValidatorPool, type ValidatorPool } from "../src/pool/index.ts";
import { type SignatureKind, signedPair } from "./edge-signatures.ts";
import {
  type Branch,
  btmOutput,
  type Coin,
  coinsOf,
  extend,
  extendMany,
  FEE,
  genesisBranch,
  last,
  params,
  soloChain,
  spendable,
  spendOf,
  split,
  transactionOf,
} from "./kit.ts";
import { failingPool, reversingPool } from "./pools.ts";
import { randomTransactions } from "./random-transactions.ts";

const RUNS = Number(process.env["CHAIN_RUNS"] ?? 30);

const FAULTS = [
  "none",
  "double-spend",
  "spent-before",
  "missing",
  "later",
  "immature",
  "script",
  "signature",
  "status-root",
  "merkle-root",
  "reward",
  "unbalanced",
] as const;
type Fault = (typeof FAULTS)[number];

const base = extendMany(genesisBranch(), 6);

/** A block that breaks a rule, or not, on top of a branch. */
function faulty(branch: Branch, fault: Fault, pick: number): Branch {
  const good = randomTransactions(branch, 3, pick);
  const block = extend(branch, good);
  const coin = freeCoin(branch, good);
  if (coin === undefined) return block;
  const bad = { ...coin, sourceId: new Uint8Array(32).fill(9) };
  switch (fault) {
    case "none":
      return block;
    case "double-spend":
      return extend(branch, [...good, split([coin], 1), split([coin], 2)]);
    case "spent-before": {
      const spent = last(base).coins.values().next().value ?? coin;
      return extend(branch, [split([spent], 3), ...good]);
    }
    case "missing":
      return extend(branch, [split([coin], 1), split([bad], 1)]);
    case "later": {
      const parent = split([coin], 1);
      return extend(branch, [split(coinsOf(parent), 1), parent]);
    }
    case "immature": {
      const young = [...branch.coins.values()].find((c) => c.matureAt > branch.node.height + 1n);
      return extend(branch, young === undefined ? good : [...good, split([young], 1)]);
    }
    case "script":
      return extend(branch, [...good, unsigned(coin)]);
    case "signature":
      return extend(branch, [...good, ...signedPair(coin, "wrong")]);
    case "status-root":
      return changed(block, { transactionStatusHash: new Uint8Array(32) });
    case "merkle-root":
      return changed(block, { transactionMerkleRoot: new Uint8Array(32) });
    case "reward":
      return extend(branch, good, "", 1n);
    case "unbalanced":
      return extend(branch, [
        ...good,
        transactionOf([spendOf(coin)], [btmOutput(coin.amount + 1n)]),
      ]);
    default:
      return fault satisfies never;
  }
}

/** A coin that none of the transactions spends. */
function freeCoin(branch: Branch, transactions: readonly Transaction[]): Coin | undefined {
  const used = new Set(transactions.flatMap(({ inputs }) => inputs.map(positionOf)));
  return spendable(branch).find((coin) => !used.has(positionOf(spendOf(coin))));
}

/** A block of random transactions, one of them signed in a way that libraries disagree about. */
function signedBlock(branch: Branch, pick: number): Branch {
  const kinds = ["ordinary", "surplus", "small-order"] as const satisfies SignatureKind[];
  const transactions = randomTransactions(branch, 4, pick);
  const coin = freeCoin(branch, transactions);
  const pair = coin === undefined ? [] : signedPair(coin, kinds[pick % 3] ?? "ordinary");
  return extend(branch, [...transactions, ...pair]);
}

function positionOf(input: unknown): string {
  const { sourceId, sourcePosition } = input as Partial<{
    sourceId: Uint8Array;
    sourcePosition: bigint;
  }>;
  return `${sourceId && toHex(sourceId)}:${sourcePosition}`;
}

/** A BTM input whose program wants a signature that is not there. */
function unsigned(coin: Coin) {
  const program = Uint8Array.of(0x00, 0x14, ...new Uint8Array(20).fill(3));
  return transactionOf([spendOf({ ...coin, program })], [btmOutput(coin.amount - FEE)]);
}

function changed(branch: Branch, header: Partial<Block["header"]>): Branch {
  const { block } = branch;
  return { ...branch, block: { ...block, header: { ...block.header, ...header } } };
}

interface Outcome {
  readonly tip: string;
  readonly digest: string;
  readonly error: unknown;
}

function plain(error: unknown): unknown {
  if (!(error instanceof ChainError)) return error;
  const { cause: _, ...facts } = error.facts;
  return { message: error.message, code: error.code, facts, cause: plain(error.cause) };
}

async function outcomeOf(chain: Chain, error: unknown): Promise<Outcome> {
  const { digest } = await chain.utxoDigest();
  return { tip: toHex(chain.tip.hash), digest: toHex(digest), error: plain(error) };
}

async function serial(branches: readonly Branch[]): Promise<Outcome> {
  const chain = await soloChain();
  // By the exact rule, whatever checks the window's signatures.
  const backend = signatureBackend();
  useSignatureBackend(nobleSignatures);
  try {
    for (const { block } of branches) await chain.processBlock(block);
  } catch (error) {
    return outcomeOf(chain, error);
  } finally {
    useSignatureBackend(backend);
  }
  return outcomeOf(chain, undefined);
}

async function inWindow(branches: readonly Branch[], judge?: ValidatorPool): Promise<Outcome> {
  const decoded = await imported(branches, (block) => block, judge);
  expect(await imported(branches, encodeBlock, judge)).toEqual(decoded);
  return decoded;
}

async function imported(
  branches: readonly Branch[],
  form: (block: Block) => Block | Uint8Array,
  judge?: ValidatorPool,
): Promise<Outcome> {
  const chain = await soloChain({ judge });
  async function* blocks() {
    for (const { block } of branches) yield form(block);
  }
  try {
    await chain.processBlocks(blocks());
  } catch (error) {
    return outcomeOf(chain, error);
  }
  return outcomeOf(chain, undefined);
}

const windows = fc.record({
  picks: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 8 }),
  fault: fc.constantFrom(...FAULTS),
  at: fc.nat(7),
});

function branchesOf({ picks, fault, at }: { picks: number[]; fault: Fault; at: number }): Branch[] {
  const branches = base.slice();
  for (const [i, pick] of picks.entries()) {
    const tip = last(branches);
    branches.push(i === at % picks.length ? faulty(tip, fault, pick) : signedBlock(tip, pick));
  }
  return branches;
}

const pools = [reversingPool(1), reversingPool(3), failingPool(2)];

afterAll(async () => {
  for (const pool of pools) await pool.close();
});

afterEach(() => useSignatureBackend());

const backends: readonly SignatureBackend[] = [signatureBackend(), loadSodiumNative()];

describe.each(backends)("with signatures by $name", (backend) => {
  it("gives the very result, error and state of serial validation", async () => {
    await fc.assert(
      fc.asyncProperty(windows, async (window) => {
        useSignatureBackend(backend);
        const branches = branchesOf(window);
        const expected = await serial(branches);
        expect(await inWindow(branches)).toEqual(expected);
        for (const pool of pools) expect(await inWindow(branches, pool)).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  it("gives the same on worker threads", async () => {
    useSignatureBackend(backend);
    const threads = createValidatorPool({ params, size: 2 });
    for (const fault of FAULTS) {
      const branches = branchesOf({ picks: [1, 2, 3, 4, 5, 6], fault, at: 4 });
      expect(await inWindow(branches, threads)).toEqual(await serial(branches));
    }
    expect(threads.restarts).toBe(0);
    await threads.close();
  });
});

it("resolves a window as the chain does", async () => {
  const kinds = fc.constantFrom<Fault>("none", "double-spend", "spent-before", "missing", "later");
  await fc.assert(
    fc.asyncProperty(
      fc.record({ length: fc.integer({ min: 1, max: 5 }), kinds }),
      async (window) => {
        const branches = base.slice();
        for (let i = 0; i < window.length; i++) {
          const tip = last(branches);
          branches.push(
            extend(
              tip,
              spendable(tip)
                .slice(0, 2)
                .map((coin) => split([coin], 2)),
            ),
          );
        }
        // Picks of 2 make the kit split and merge only: what is status-failed is no matter of order.
        branches.push(faulty(last(branches), window.kinds, 2));
        const { failure } = resolveWindow(branches.map(symbolic), () => false);
        const { error } = await serial(branches);
        const facts = (error as { facts?: { height: bigint; outputId: Uint8Array } } | undefined)
          ?.facts;
        expect(failure && { height: failure.height, output: failure.output }).toEqual(
          facts && { height: facts.height, output: toHex(facts.outputId) },
        );
      },
    ),
    { numRuns: RUNS },
  );
});

function symbolic({ block, node }: Branch): WindowBlock {
  return {
    height: node.height,
    transactions: block.transactions.map((transaction) => {
      const { id, spentOutputIds, resultIds } = mapTransaction(transaction);
      return {
        id: toHex(id),
        spends: spentOutputIds.map(toHex),
        creates: resultIds.map(toHex),
      };
    }),
  };
}

it("fetches once what no earlier transaction of the window makes", () => {
  const transactions = [
    { spends: ["a", "b"], creates: ["x"] },
    { spends: ["x", "a"], creates: ["y"] },
    { spends: ["z"], creates: [] },
    { spends: [], creates: ["z"] },
  ];
  expect([...prefetchList(transactions)]).toEqual(["a", "b", "z"]);
});
