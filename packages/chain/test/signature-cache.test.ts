import { mapTransaction } from "@bystack/butxo";
import { verify } from "@bystack/crypto";
import { expect, it, vi } from "vitest";
import { createMempool, SignatureCache, validateTransaction } from "../src/index.ts";
import {
  btmOutput,
  coinsOf,
  extend,
  extendMany,
  FEE,
  feed,
  firstCoin,
  genesisBranch,
  last,
  lateClock,
  params,
  soloChain,
  spendOf,
  transactionOf,
} from "./kit.ts";
import { createKey, signedTransaction } from "./signed.ts";

const key = createKey();
const tip = last(extendMany(genesisBranch(), 6));
const funding = firstCoin(tip);
const parent = transactionOf([spendOf(funding)], [btmOutput(funding.amount - FEE, key.program)]);
const funded = extend(tip, [parent]);
const signed = signedTransaction(
  coinsOf(parent).map((coin) => ({ coin, key })),
  [key, key],
);

it("is filled by the mempool of a chain", async () => {
  const chain = await soloChain();
  await feed(chain, [...extendMany(genesisBranch(), 6), funded]);
  const mempool = createMempool({ chain, clock: lateClock });
  await mempool.submit(signed);
  expect(chain.signatures.size).toBe(1);
  await feed(chain, [extend(funded, [signed])]);
  expect(chain.tip.height).toBe(8n);
});

it("spares a good signature its second check, and no bad one", () => {
  const counting = vi.fn(verify);
  const cache = new SignatureCache(2, counting);
  const judge = (runProgram: ReturnType<SignatureCache["readingRunner"]>, transaction = signed) =>
    validateTransaction(mapTransaction(transaction), {
      blockVersion: 1n,
      blockHeight: 8n,
      isFirstInBlock: false,
      params,
      runProgram,
    }).error?.code;
  const [coin] = coinsOf(parent);
  if (coin === undefined) throw new Error("no coin");
  const forged = transactionOf(
    [spendOf(coin, [new Uint8Array(64).fill(1), key.publicKey])],
    [btmOutput(coin.amount - FEE)],
  );
  expect(judge(cache.readingRunner())).toBeUndefined();
  expect(cache.size).toBe(0);
  for (let i = 0; i < 3; i++) expect(judge(cache.fillingRunner())).toBeUndefined();
  expect(counting).toHaveBeenCalledTimes(2);
  expect(judge(cache.readingRunner())).toBeUndefined();
  expect(counting).toHaveBeenCalledTimes(2);
  for (let i = 0; i < 2; i++) expect(judge(cache.fillingRunner(), forged)).toBe("false-vm-result");
  expect(counting).toHaveBeenCalledTimes(4);
  expect(cache.size).toBe(1);
});

it("forgets the oldest of too many", () => {
  const cache = new SignatureCache(2, () => true);
  const runProgram = cache.fillingRunner();
  for (const fee of [1n, 2n, 3n]) {
    const [coin] = coinsOf(parent);
    if (coin === undefined) throw new Error("no coin");
    const transaction = transactionOf(
      [spendOf(coin, [new Uint8Array(64), key.publicKey])],
      [btmOutput(coin.amount - fee * FEE)],
    );
    validateTransaction(mapTransaction(transaction), {
      blockVersion: 1n,
      blockHeight: 8n,
      isFirstInBlock: false,
      params,
      runProgram,
    });
  }
  expect(cache.size).toBe(2);
});
