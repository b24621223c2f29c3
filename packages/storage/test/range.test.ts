import { describe, expect, it } from "vitest";
import {
  boundsOf,
  checkBatch,
  checkKey,
  compareBytes,
  equalBytes,
  isEmptyRange,
  MAX_KEY_BYTES,
  MAX_VALUE_BYTES,
  prefixRange,
  StorageError,
} from "../src/index.ts";

const of = (...bytes: number[]) => Uint8Array.from(bytes);

describe("compareBytes", () => {
  it("orders as unsigned bytes, a shorter key before its extensions", () => {
    const sorted = [of(), of(0), of(0, 0), of(0, 1), of(0x7f), of(0x80), of(0xff), of(0xff, 0)];
    expect([...sorted].reverse().sort(compareBytes)).toEqual(sorted);
    expect(compareBytes(of(1, 2), of(1, 2))).toBe(0);
    expect(equalBytes(of(1, 2), of(1, 2))).toBe(true);
    expect(equalBytes(of(1, 2), of(1, 2, 0))).toBe(false);
  });
});

describe("boundsOf", () => {
  it("keeps the stricter of two bounds", () => {
    expect(boundsOf({ gte: of(1), gt: of(1) }).lower).toEqual({ key: of(1), inclusive: false });
    expect(boundsOf({ gte: of(2), gt: of(1) }).lower).toEqual({ key: of(2), inclusive: true });
    expect(boundsOf({ lte: of(2), lt: of(1) }).upper).toEqual({ key: of(1), inclusive: false });
    expect(boundsOf({ lte: of(1), lt: of(2) }).upper).toEqual({ key: of(1), inclusive: true });
    expect(boundsOf({})).toEqual({
      lower: undefined,
      upper: undefined,
      reverse: false,
      limit: Number.POSITIVE_INFINITY,
    });
  });

  it("does not follow later changes of the caller's arrays", () => {
    const gte = of(5);
    const bounds = boundsOf({ gte });
    gte[0] = 9;
    expect(bounds.lower?.key).toEqual(of(5));
  });

  it("knows ranges that hold nothing", () => {
    const isEmpty = (range: Parameters<typeof boundsOf>[0]) => isEmptyRange(boundsOf(range));
    expect(isEmpty({ gte: of(1), lte: of(1) })).toBe(false);
    expect(isEmpty({ gte: of(1), lt: of(1) })).toBe(true);
    expect(isEmpty({ gt: of(2), lt: of(1) })).toBe(true);
    expect(isEmpty({ lt: of() })).toBe(true);
    expect(isEmpty({ limit: 0 })).toBe(true);
    expect(isEmpty({})).toBe(false);
  });
});

describe("prefixRange", () => {
  it("ends before the next prefix", () => {
    expect(prefixRange(of(1, 2))).toEqual({ gte: of(1, 2), lt: of(1, 3) });
    expect(prefixRange(of(1, 0xff))).toEqual({ gte: of(1, 0xff), lt: of(2) });
    expect(prefixRange(of(0xff, 0xff))).toEqual({ gte: of(0xff, 0xff) });
    expect(prefixRange(of())).toEqual({ gte: of() });
  });
});

describe("checks", () => {
  it("gives the facts of a refusal", () => {
    expect(() => checkKey(of())).toThrow(StorageError);
    expect(() => checkKey(new Uint8Array(MAX_KEY_BYTES))).not.toThrow();
    try {
      checkKey(new Uint8Array(256));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        name: "StorageError",
        code: "store-key",
        size: 256,
        limit: 255,
      });
    }
  });

  it("counts keys and values", () => {
    const operations = [
      { type: "put", key: of(1, 2), value: of(1, 2, 3) },
      { type: "del", key: of(1) },
    ] as const;
    expect(checkBatch(operations, 6)).toBe(6);
    expect(() => checkBatch(operations, 5)).toThrow(/store-batch: .* 6 bytes, limit 5/);
    expect(() =>
      checkBatch([{ type: "put", key: of(1), value: new Uint8Array(MAX_VALUE_BYTES + 1) }], 1e9),
    ).toThrow(/store-value: .* key 01/);
  });
});

describe("StorageError", () => {
  it("says what, where and why", () => {
    const cause = new Error("Input/output error");
    const error = new StorageError("store-unavailable", { path: "/data", cause });
    expect(error.message).toBe(
      "store-unavailable: the store cannot be reached, at /data (Input/output error)",
    );
    expect(error).toMatchObject({ code: "store-unavailable", path: "/data", cause });
    expect(new StorageError("store-closed").message).toBe("store-closed: the store is closed");
  });
});
