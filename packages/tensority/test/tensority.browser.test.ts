import { afterAll, describe, expect, it } from "vitest";
import vectors from "../../../vectors/tensority/hashes.json" with { type: "json" };
import { createHasher, tensority } from "../src/index.ts";
import { createTensorityPool } from "../src/pool/index.ts";
import { relaxedKernels } from "../src/relaxed/index.ts";

const bytes = (hex: string) =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );

const [recorded] = vectors;
if (recorded === undefined) throw new Error("there are no vectors");
const seed = bytes(recorded.seed);
const cases = recorded.cases.slice(0, 3).map(({ header_hash, hash }) => ({
  headerHash: bytes(header_hash),
  hash: bytes(hash),
}));

describe("in a browser", () => {
  it("computes hashes by P1", () => {
    for (const { headerHash, hash } of cases) expect(tensority(headerHash, seed)).toEqual(hash);
  });

  const usable = relaxedKernels.filter((kernel) => kernel.create() !== undefined);
  it.each(usable)("computes hashes by $name", (kernel) => {
    const hasher = createHasher({ kernels: [kernel], maxSeeds: 1 });
    for (const { headerHash, hash } of cases) expect(hasher.hash(headerHash, seed)).toEqual(hash);
  });
});

describe("pool of Web Workers", () => {
  const pool = createTensorityPool({ size: 1 });
  afterAll(() => pool.close());

  it("computes hashes", async () => {
    const hashes = await Promise.all(cases.map(({ headerHash }) => pool.hash(headerHash, seed)));
    expect(hashes).toEqual(cases.map(({ hash }) => hash));
    expect(pool.status().restarts).toBe(0);
  });
});
