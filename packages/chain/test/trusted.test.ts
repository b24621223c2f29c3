import { toHex } from "@bystack/butxo";
import { describe, expect, it, vi } from "vitest";
import {
  type ConsensusEngine,
  createProgramRunner,
  type ProgramRunner,
  soloEngine,
} from "../src/index.ts";
import {
  type Branch,
  blocksOf,
  extend,
  extendMany,
  feed,
  genesisBranch,
  last,
  params,
  soloChain,
} from "./kit.ts";
import { randomTransactions } from "./random-transactions.ts";

const branches = extendMany(genesisBranch(), 5);
// Picks that issue what cannot be spent, and spend it: some transactions are status-failed.
for (let i = 0; i < 8; i++) {
  const tip = last(branches);
  branches.push(extend(tip, randomTransactions(tip, 4, i)));
}
const headers = branches.map(({ block }) => block.header);
const at = (index: number): Branch => branches[index] ?? last(branches);

/** An engine whose last blocks weigh as much as two weeks. */
const heavy: ConsensusEngine = {
  ...soloEngine(),
  weight: ({ height }) => (height === 12n ? 8_064n : 1n),
};

function counting(): { runProgram: ProgramRunner; calls: () => number } {
  const runProgram = vi.fn(createProgramRunner());
  return { runProgram, calls: () => runProgram.mock.calls.length };
}

describe("assumeValid", () => {
  it("runs no scripts below two weeks of work, and ends in the same state", async () => {
    const honest = counting();
    const full = await soloChain({ runProgram: honest.runProgram });
    await feed(full, branches);
    const lazy = counting();
    const chain = await soloChain({ engine: heavy, runProgram: lazy.runProgram });
    const { hash, height } = at(10).node;
    expect(chain.assumeValid({ height, hash }, headers)).toBe(11);
    await chain.processBlocks(blocksOf(branches));
    expect(await chain.utxoDigest()).toEqual(await full.utxoDigest());
    expect(lazy.calls()).toBeLessThan(honest.calls());
    for (const { node } of branches)
      expect((await chain.block(node.hash))?.statusFailed).toEqual(
        (await full.block(node.hash))?.statusFailed,
      );
  });

  it("leaves nothing out near the tip, for unknown blocks, or by headers that are not linked", async () => {
    const chain = await soloChain();
    const { hash, height } = at(10).node;
    expect(chain.assumeValid({ height, hash }, headers)).toBe(0);
    expect(chain.assumeValid({ height, hash: new Uint8Array(32) }, headers)).toBe(0);
    expect(chain.assumeValid({ height, hash }, [])).toBe(0);
    expect(() => chain.assumeValid({ height, hash }, headers.toReversed())).toThrow(
      expect.objectContaining({ code: "headers-are-not-linked" }),
    );
  });

  it("still refuses what is wrong beside the scripts", async () => {
    const bad = extend(at(7), [], "", 1n);
    const chain = await soloChain({ engine: heavy });
    const rest = extendMany(bad, 6);
    const all = [...branches.slice(0, 8), bad, ...rest];
    const { hash, height } = bad.node;
    expect(
      chain.assumeValid(
        { height, hash },
        all.map(({ block }) => block.header),
      ),
    ).toBeGreaterThan(8);
    await feed(chain, branches.slice(0, 8));
    await expect(chain.processBlock(bad.block)).rejects.toMatchObject({
      cause: { code: "wrong-coinbase-transaction" },
    });
  });
});

describe("trustCheckpoint", () => {
  const hash = toHex(at(9).node.hash);
  const checkpoints = [{ height: 10n, hash }];

  it("verifies no seals up to the checkpoint, and all above", async () => {
    const verifySeal = vi.fn(async () => {});
    const engine = { ...soloEngine(), verifySeal };
    const chain = await soloChain({ engine, params: { ...params, checkpoints } });
    expect(chain.trustCheckpoint(headers.slice(0, 10))).toBe(10);
    await feed(chain, branches.slice(0, 4));
    await chain.processBlocks(blocksOf(branches));
    expect(chain.tip.height).toBe(13n);
    expect(verifySeal).toHaveBeenCalledTimes(3);
  });

  it("refuses headers that lead elsewhere", async () => {
    const chain = await soloChain({ params: { ...params, checkpoints } });
    const mismatch = expect.objectContaining({ code: "checkpoint-mismatch" });
    expect(() => chain.trustCheckpoint(headers.slice(0, 9))).toThrow(mismatch);
    expect(() => chain.trustCheckpoint([])).toThrow(mismatch);
    const side = extendMany(at(4), 5, "side").map(({ block }) => block.header);
    expect(() => chain.trustCheckpoint(side)).toThrow(mismatch);
  });
});
