import { createHash } from "node:crypto";
import { sha3 } from "@bystack/crypto";
import { describe, expect, it } from "vitest";
import {
  createHasher,
  type KernelFactory,
  packedKernel,
  portableKernels,
  TensorityError,
  tensority,
} from "../src/index.ts";
import { scalarKernel, seedMatrices } from "../src/reference/index.ts";
import { allKernels, enableRelaxedSimd } from "../src/relaxed/index.ts";
import { bytes, numberOf, recorded, seedVectors } from "./vectors.ts";

enableRelaxedSimd();

/** A kernel whose every hash is the worst of these. */
const answers = Array.from({ length: 64 }, (_, i) => new Uint8Array(256).fill(i));
const [worst = new Uint8Array(256)] = answers.sort((a, b) =>
  numberOf(sha3(a)) > numberOf(sha3(b)) ? -1 : 1,
);
const lying: KernelFactory = {
  name: "u2",
  isPortable: false,
  create: () => ({
    name: "u2",
    memoryBytes: 0,
    prepare: () => {},
    products: () => worst,
    multiply: scalarKernel.create()?.multiply ?? (() => new Int8Array()),
  }),
};

describe("hashes.json", () => {
  it.each(seedVectors.slice(0, 2))("matrices of $seed", ({ seed, matrices_sha256 }) => {
    const digest = createHash("sha256")
      .update(seedMatrices(bytes(seed)))
      .digest("hex");
    expect(digest).toBe(matrices_sha256);
  });

  it.each([1, 7])("hashes of seed %i", (seed) => {
    for (const { headerHash, seed: bytes, hash } of recorded(seed, 2))
      expect(tensority(headerHash, bytes)).toEqual(hash);
  });

  const runnable = allKernels.filter((kernel) => kernel.create() !== undefined);
  it.each(runnable)("hashes by $name", (kernel) => {
    const hasher = createHasher({ kernels: [kernel], maxSeeds: 1 });
    const cases = recorded(0, kernel === packedKernel ? 1 : 3);
    for (const { headerHash, seed, hash } of cases)
      expect(hasher.hash(headerHash, seed)).toEqual(hash);
    expect(hasher.kernel).toBe(kernel.name);
  });
});

describe("hasher", () => {
  const [first, second, third] = [recorded(0, 1), recorded(1, 1), recorded(2, 1)].flat();

  it("keeps no more seeds than it may", () => {
    const hasher = createHasher({ kernels: portableKernels, maxSeeds: 2 });
    expect(hasher.memoryBytes).toBe(0);
    const sizes = [first, second, third, first].map((use) => {
      if (use !== undefined) expect(hasher.hash(use.headerHash, use.seed)).toEqual(use.hash);
      return hasher.memoryBytes;
    });
    expect(sizes[1]).toBe(2 * (sizes[0] ?? 0));
    expect(sizes.slice(2)).toEqual([sizes[1], sizes[1]]);
  });

  it("keeps seeds by their bytes, not by their array", () => {
    const hasher = createHasher({ kernels: portableKernels });
    const seed = recorded(0, 1)[0]?.seed ?? new Uint8Array();
    hasher.prepare(seed);
    seed.fill(0);
    const zero = recorded(1, 1)[0];
    expect(hasher.hash(zero?.headerHash ?? seed, seed)).toEqual(zero?.hash);
  });

  it.each([
    ["header hash", new Uint8Array(31), new Uint8Array(32)],
    ["seed", new Uint8Array(32), new Uint8Array(33)],
  ])("refuses a %s of the wrong length", (subject, headerHash, seed) => {
    expect(() => tensority(headerHash, seed)).toThrow(
      expect.objectContaining({ name: "TensorityError", code: "wrong-length", subject }),
    );
  });

  it("says which kernels it was given when it can run none", () => {
    const none: KernelFactory = { name: "vn", isPortable: false, create: () => undefined };
    expect(() => createHasher({ kernels: [none] })).toThrow(TensorityError);
    expect(() => createHasher({ kernels: [none] })).toThrow(
      expect.objectContaining({ code: "kernel-unavailable", subject: "vn" }),
    );
  });

  it("refuses a block only by a portable kernel", () => {
    const use = first ?? recorded(0, 1)[0];
    if (use === undefined) return expect.unreachable();
    const wrong = createHasher({ kernels: [lying, ...portableKernels] });
    expect(wrong.kernel).toBe("u2");
    expect(wrong.hash(use.headerHash, use.seed)).not.toEqual(use.hash);
    expect(wrong.portableHash(use.headerHash, use.seed)).toEqual(use.hash);
    expect(wrong.verify(use.headerHash, use.seed, numberOf(use.hash))).toBe(true);
    expect(wrong.verify(use.headerHash, use.seed, numberOf(use.hash) - 1n)).toBe(false);
  });
});
