import { isBtm, mapTransaction, type Transaction, toHex } from "@bystack/butxo";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ChainError, createBlockTemplate, createMempool, type Mempool } from "../src/index.ts";
import {
  type Branch,
  coinsOf,
  engine,
  extend,
  extendMany,
  FEE,
  genesisBranch,
  last,
  lateClock,
  params,
  soloChain,
  spendable,
  split,
  TRUE,
} from "./kit.ts";

const RUNS = Number(process.env["CHAIN_RUNS"] ?? 25);
const base = extendMany(genesisBranch(), 8);

const step = fc.record({
  kind: fc.constantFrom(
    "submit",
    "submit",
    "submit",
    "build-on",
    "orphan",
    "block",
    "reorganize",
    "mine",
  ),
  pick: fc.nat(50),
  fee: fc.integer({ min: 1, max: 4 }),
});

function checkInvariants(mempool: Mempool, limit: number): void {
  const entries = mempool.entries();
  expect(entries.length).toBe(mempool.size);
  expect(mempool.size).toBeLessThanOrEqual(limit);
  const sizes = entries.map(({ mapped }) => mapped.transaction.serializedSize);
  expect(mempool.bytes).toBe(sizes.reduce((a, b) => a + b, 0));
  const spent = entries.flatMap(({ mapped }) => mapped.spentOutputIds.map(toHex));
  expect(new Set(spent).size).toBe(spent.length);
}

it("holds no conflicts, keeps its bounds, and gives blocks that the chain takes", async () => {
  const policy = fc.constantFrom("first-seen" as const, "replace-by-fee" as const);
  const order = fc.constantFrom("arrival" as const, "fee-rate" as const);
  const steps = fc.array(step, { minLength: 3, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      steps,
      policy,
      order,
      fc.integer({ min: 2, max: 12 }),
      async (all, conflicts, by, limit) => {
        const chain = await soloChain();
        for (const { block } of base) await chain.processBlock(block);
        const limits = { transactions: limit, orphans: 3 };
        const mempool = createMempool({ chain, clock: lateClock, conflicts, limits });
        let branches: Branch[] = base.slice();
        const known: Transaction[] = [];
        const submit = async (transaction: Transaction) => {
          known.push(transaction);
          try {
            await mempool.submit(transaction);
          } catch (error) {
            if (!(error instanceof ChainError)) throw error;
          }
        };
        const coinAt = (pick: number) => {
          const coins = spendable(last(base)).filter(({ assetId }) => isBtm(assetId));
          const coin = coins[pick % coins.length];
          if (coin === undefined) throw new Error("no coins");
          return coin;
        };
        const push = async (branch: Branch) => {
          branches.push(branch);
          await chain.processBlock(branch.block);
        };
        for (const { kind, pick, fee } of all) {
          if (kind === "submit") await submit(split([coinAt(pick)], 2, FEE * BigInt(fee)));
          else if (kind === "build-on" || kind === "orphan") {
            const parent =
              kind === "orphan"
                ? split([coinAt(pick)], 3, FEE)
                : known[pick % Math.max(1, known.length)];
            const [coin] = parent === undefined ? [] : coinsOf(parent);
            if (coin !== undefined) await submit(split([coin], 1, FEE * BigInt(fee)));
          } else if (kind === "block") {
            const coin = spendable(last(branches))[pick % 5];
            await push(
              extend(last(branches), coin === undefined ? [] : [split([coin], 1)], `${pick}`),
            );
          } else if (kind === "reorganize" && branches.length > base.length) {
            const side = extendMany(branches.at(-2) ?? last(base), 2, `side ${pick}`);
            branches = branches.slice(0, -1);
            for (const branch of side) await push(branch);
          } else if (kind === "mine") {
            const { tip } = chain;
            const template = await createBlockTemplate({
              params,
              engine,
              mempool,
              clock: lateClock,
              runProgram: chain.signatures.readingRunner(),
              program: TRUE,
              order: by,
            });
            await chain.processBlock(template);
            expect(chain.tip.parent).toBe(tip);
            await mempool.atTip(async () => {});
            for (const transaction of template.transactions)
              expect(mempool.get(mapTransaction(transaction).id)).toBeUndefined();
            break;
          }
          await mempool.atTip(async () => {});
          checkInvariants(mempool, limit);
        }
        checkInvariants(mempool, limit);
      },
    ),
    { numRuns: RUNS },
  );
});
