import { fromHex, mapTransaction, transactionId } from "@bystack/butxo";
import { sha3Backend, useSha3Backend } from "@bystack/crypto";
import { describe, expect, it, vi } from "vitest";
import {
  btmOutput,
  coinsOf,
  extend,
  extendMany,
  FEE,
  feed,
  spendOf,
  split,
  transactionOf,
} from "./kit.ts";
import { coin, idOf, idsOf, settled, setup, tip } from "./mempool-kit.ts";

describe("submit", () => {
  it("takes what spends the chain or the pool, once", async () => {
    const { mempool, changes } = await setup();
    const parent = split([coin(0)], 2);
    const child = split(coinsOf(parent), 1);
    expect(await mempool.submit(parent)).toEqual({ isOrphan: false });
    expect(await mempool.submit(child)).toEqual({ isOrphan: false });
    expect(await mempool.submit(parent)).toEqual({ isOrphan: false });
    expect(idsOf(mempool)).toEqual([idOf(parent), idOf(child)]);
    expect(changes.map(({ type }) => type)).toEqual(["added", "added"]);
    expect(mempool.get(transactionId(parent))).toMatchObject({ fee: FEE, statusFailed: false });
    expect(mempool.bytes).toBe(parent.serializedSize + child.serializedSize);
  });

  it("remembers a refusal by all bytes and until the tip moves", async () => {
    const runProgram = vi.fn(() => 1n);
    const { chain, mempool } = await setup({ runProgram });
    const late = transactionOf([spendOf(coin(0))], [btmOutput(coin(0).amount - FEE)]);
    await expect(mempool.submit(late)).rejects.toMatchObject({ code: "over-gas-credit" });
    await expect(mempool.submit(late)).rejects.toMatchObject({ code: "over-gas-credit" });
    expect(runProgram).toHaveBeenCalledTimes(1);
    const { id } = mapTransaction(late);
    const other = transactionOf(
      [spendOf(coin(0), [Uint8Array.of(1)])],
      [btmOutput(coin(0).amount - FEE)],
    );
    expect(mapTransaction(other).id).toEqual(id);
    await expect(mempool.submit(other)).rejects.toMatchObject({ code: "over-gas-credit" });
    expect(runProgram).toHaveBeenCalledTimes(2);
    await feed(chain, [extend(tip)]);
    await expect(mempool.submit(late)).rejects.toMatchObject({ code: "over-gas-credit" });
    expect(runProgram).toHaveBeenCalledTimes(3);
  });

  it("takes what there was no room for when there is", async () => {
    const { mempool } = await setup({ whenFull: "refuse", limits: { transactions: 1 } });
    const [first, second] = [split([coin(0)], 1), split([coin(1)], 1)];
    await mempool.submit(first);
    await expect(mempool.submit(second)).rejects.toMatchObject({
      code: "transaction-pool-reach-the-max-number",
    });
    mempool.remove(transactionId(first));
    expect(await mempool.submit(second)).toEqual({ isOrphan: false });
  });

  it("refuses what policy forbids before it hashes any of it", async () => {
    const { mempool } = await setup();
    const output = btmOutput(0n);
    const worthless = transactionOf([spendOf(coin(0))], new Array(1000).fill(output));
    const program = fromHex("0014e0035362db772a9410dc4918652b050ed6f99f7b");
    const banned = transactionOf(
      [spendOf({ ...coin(0), program })],
      new Array(1000).fill(btmOutput(1n)),
    );
    const backend = sha3Backend();
    const hash = vi.fn(backend.hash);
    useSha3Backend({ ...backend, hash });
    try {
      hash.mockClear();
      await expect(mempool.submit(worthless)).rejects.toMatchObject({
        code: "transaction-is-dust-tx",
      });
      await expect(mempool.submit(banned)).rejects.toMatchObject({
        code: "input-script-have-been-banned",
      });
      expect(hash).not.toHaveBeenCalled();
    } finally {
      useSha3Backend();
    }
  });

  it("refuses dust and banned programs", async () => {
    const { mempool } = await setup();
    const empty = transactionOf(
      [spendOf(coin(0))],
      [btmOutput(coin(0).amount - FEE), btmOutput(0n)],
    );
    await expect(mempool.submit(empty)).rejects.toMatchObject({ code: "transaction-is-dust-tx" });
    const notUnderstood = transactionOf(
      [spendOf(coin(0))],
      [
        btmOutput(coin(0).amount - FEE),
        {
          type: "unknown",
          assetVersion: 2n,
          commitmentSuffix: new Uint8Array(0),
          outputSuffix: new Uint8Array(0),
        },
      ],
    );
    await expect(mempool.submit(notUnderstood)).rejects.toMatchObject({
      code: "transaction-is-dust-tx",
    });
    const program = fromHex("0014e0035362db772a9410dc4918652b050ed6f99f7b");
    const banned = split([{ ...coin(0), program }], 1);
    await expect(mempool.submit(banned)).rejects.toMatchObject({
      code: "input-script-have-been-banned",
      facts: { inputIndex: 0 },
    });
  });
});

describe("with the chain", () => {
  it("gives up what is confirmed and takes it back after a reorganization", async () => {
    const { chain, mempool, changes } = await setup();
    const parent = split([coin(0)], 2);
    const child = split(coinsOf(parent), 1);
    await mempool.submit(parent);
    await mempool.submit(child);
    await feed(chain, [extend(tip, [parent])]);
    await settled(mempool);
    expect(idsOf(mempool)).toEqual([idOf(child)]);
    await feed(chain, extendMany(tip, 2, "side"));
    await settled(mempool);
    expect(idsOf(mempool).sort()).toEqual([idOf(parent), idOf(child)].sort());
    expect(changes.map((c) => (c.type === "removed" ? c.reason : c.type))).toEqual([
      "added",
      "added",
      "confirmed",
      "added",
    ]);
  });

  it.each([
    ["first-seen", "and what builds on it", 1],
    ["accept", "not at all, as the original node", 3],
  ] as const)("gives up what no block can have any more (%s: %s)", async (conflicts, _, left) => {
    const { chain, mempool, changes } = await setup({ conflicts });
    const expiring = transactionOf([spendOf(coin(0))], [btmOutput(coin(0).amount - FEE)], 8n);
    const child = split(coinsOf(expiring), 1);
    const other = transactionOf([spendOf(coin(1))], [btmOutput(coin(1).amount - FEE)], 9n);
    for (const transaction of [expiring, child, other]) await mempool.submit(transaction);
    await feed(chain, [extend(tip)]);
    await settled(mempool);
    expect(mempool.size).toBe(left);
    expect(mempool.get(transactionId(other))).toBeDefined();
    expect(changes.slice(3).map((c) => c.type === "removed" && c.reason)).toEqual(
      left === 3 ? [] : ["unusable", "unusable"],
    );
  });

  it("goes on when a listener throws, and stops listening when closed", async () => {
    const error = vi.fn();
    const quiet = () => {};
    const { chain, mempool } = await setup({
      logger: { debug: quiet, info: quiet, warn: quiet, error },
    });
    mempool.onChange(() => {
      throw new Error("mine");
    });
    const transaction = split([coin(0)], 1);
    await mempool.submit(transaction);
    expect(error).toHaveBeenCalledTimes(1);
    mempool.close();
    await feed(chain, [extend(tip, [transaction])]);
    await chain.atTip(async () => {});
    expect(mempool.size).toBe(1);
  });
});
