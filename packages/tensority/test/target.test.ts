import { describe, expect, it } from "vitest";
import { createResultCache, meetsTarget } from "../src/index.ts";

const filled = (value: number) => new Uint8Array(32).fill(value);

describe("meetsTarget", () => {
  it("reads the last byte as the most significant", () => {
    const hash = filled(0);
    hash[31] = 1;
    expect(meetsTarget(hash, 1n << 248n)).toBe(true);
    expect(meetsTarget(hash, (1n << 248n) - 1n)).toBe(false);
  });
  it("accepts nothing at a negative target, zero alone at zero, everything at the largest", () => {
    expect(meetsTarget(filled(0), -1n)).toBe(false);
    expect(meetsTarget(filled(0), 0n)).toBe(true);
    expect(meetsTarget(filled(1), 0n)).toBe(false);
    expect(meetsTarget(filled(0xff), 2n ** 256n - 1n)).toBe(true);
  });
  it("refuses a hash of the wrong length", () => {
    expect(() => meetsTarget(new Uint8Array(33), 1n)).toThrow(
      expect.objectContaining({ code: "wrong-length", limit: 32, actual: 33 }),
    );
  });
});

describe("result cache", () => {
  it("knows what was added, under its seed alone", () => {
    const cache = createResultCache();
    cache.add(filled(1), filled(2), filled(3));
    expect(cache.get(filled(1), filled(2))).toEqual(filled(3));
    expect(cache.get(filled(1), filled(4))).toBeUndefined();
    expect(cache.get(filled(2), filled(1))).toBeUndefined();
    cache.remove(filled(1), filled(2));
    expect(cache.get(filled(1), filled(2))).toBeUndefined();
  });
  it("forgets what was used longest ago", () => {
    const cache = createResultCache(2);
    cache.add(filled(1), filled(0), filled(1));
    cache.add(filled(2), filled(0), filled(2));
    cache.get(filled(1), filled(0));
    cache.add(filled(3), filled(0), filled(3));
    expect(cache.size).toBe(2);
    expect(cache.get(filled(2), filled(0))).toBeUndefined();
    expect(cache.get(filled(1), filled(0))).toEqual(filled(1));
  });
  it("keeps its own copies", () => {
    const cache = createResultCache();
    const hash = filled(3);
    cache.add(filled(1), filled(2), hash);
    hash.fill(9);
    cache.get(filled(1), filled(2))?.fill(9);
    expect(cache.get(filled(1), filled(2))).toEqual(filled(3));
  });
});
