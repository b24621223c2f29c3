import { blockHash } from "@bystack/butxo";
import { describe, expect, it } from "vitest";
import { type BlockNode, createNode, medianTimeOf, soloEngine } from "../src/index.ts";
import { genesisBranch } from "./kit.ts";

/** Nodes with these timestamps, the oldest first; the last of them. */
function nodeWith(timestamps: readonly number[]): BlockNode {
  let parent = genesisBranch().node;
  for (const [i, seconds] of timestamps.entries()) {
    const { header } = parent;
    const next = { ...header, height: BigInt(i), timestamp: BigInt(seconds) };
    parent = createNode(
      { hash: blockHash(next), header: next, parent: i === 0 ? undefined : parent },
      1n,
    );
  }
  return parent;
}

describe("medianTimeOf", () => {
  it.each([
    ["one block", [7], 7n],
    ["the upper one of two", [5, 9], 9n],
    ["any order", [9, 1, 5], 5n],
    ["the parent and ten ancestors", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 6n],
    // A twelfth would make it 7, and so would only ten.
    ["no more than ten", [99, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 6n],
    ["no fewer than ten", [1, 12, 13, 14, 15, 2, 3, 4, 5, 6, 7], 6n],
  ])("takes %s", (_, timestamps, median) => {
    expect(medianTimeOf(nodeWith(timestamps))).toBe(median);
  });
});

describe("a timestamp", () => {
  const parent = nodeWith([1000]);
  const engine = soloEngine();
  const nowMs = 2_000_999;
  const verify = (timestamp: bigint) => {
    const header = { ...parent.header, height: 1n, previousBlockHash: parent.hash, timestamp };
    engine.verifyHeader({ header, hash: blockHash(header), parent }, nowMs);
  };

  it.each([1001n, 2000n, 2000n + 3600n])("of %s is good", (timestamp) => {
    expect(() => verify(timestamp)).not.toThrow();
  });

  it.each([0n, 999n, 1000n, 2000n + 3601n, 2n ** 63n])("of %s is not", (timestamp) => {
    expect(() => verify(timestamp)).toThrow(
      expect.objectContaining({ code: "block-timestamp-is-not-in-the-valid-range" }),
    );
  });
});
