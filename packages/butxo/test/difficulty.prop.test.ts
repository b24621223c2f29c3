import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bitsFromTarget,
  hashToInteger,
  meetsBits,
  nextBits,
  RETARGET_BLOCKS,
  RETARGET_SECONDS,
  retargetBits,
  targetFromBits,
  workFromBits,
} from "../src/index.ts";
import { hash } from "./arbitraries.ts";

const target = fc.bigInt(1n, 2n ** 256n - 1n);
const bits = target.map(bitsFromTarget);

describe("compact difficulty", () => {
  it("what was made compact stays the same from then on", () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 256n), 2n ** 256n), (value) => {
        const once = bitsFromTarget(value);
        fc.pre(value >= 0n);
        expect(bitsFromTarget(targetFromBits(once))).toBe(once);
      }),
    );
  });

  it("keeps three significant bytes and never exceeds the target", () => {
    fc.assert(
      fc.property(target, (value) => {
        const compact = targetFromBits(bitsFromTarget(value));
        expect(compact <= value).toBe(true);
        expect((value - compact) << 16n < value || value < 2n ** 24n).toBe(true);
      }),
    );
  });

  it("any 64 bits are read", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (value) => {
        const read = targetFromBits(value);
        expect(workFromBits(value) >= 0n).toBe(true);
        expect(read < 0n).toBe(((value >> 55n) & 1n) === 1n && read !== 0n);
      }),
    );
  });

  it("a smaller target is more work", () => {
    fc.assert(
      fc.property(target, target, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(workFromBits(bitsFromTarget(low)) >= workFromBits(bitsFromTarget(high))).toBe(true);
      }),
    );
  });

  it("a hash meets the target that it is", () => {
    fc.assert(
      fc.property(hash, bits, (h, b) => {
        expect(meetsBits(h, b)).toBe(hashToInteger(h) <= targetFromBits(b));
        const little = BigInt(`0x${Buffer.from(h.slice().reverse()).toString("hex")}`);
        expect(hashToInteger(h)).toBe(little);
      }),
    );
  });
});

describe("retarget", () => {
  it("a window that took as long as it should changes nothing", () => {
    fc.assert(
      fc.property(bits, fc.bigInt(0n, 2n ** 40n), (b, start) => {
        expect(retargetBits(b, start + RETARGET_SECONDS, start)).toBe(b);
      }),
    );
  });

  it("bits change only after whole windows", () => {
    const parent = { timestamp: 5n, bits: 0x1e00000000011b68n };
    const never = () => {
      throw new Error("asked");
    };
    for (const height of [0n, 1n, RETARGET_BLOCKS - 1n, RETARGET_BLOCKS + 1n]) {
      expect(nextBits({ ...parent, height }, never)).toBe(parent.bits);
    }
    const asked: bigint[] = [];
    nextBits({ ...parent, height: 2n * RETARGET_BLOCKS }, (height) => {
      asked.push(height);
      return 0n;
    });
    expect(asked).toEqual([RETARGET_BLOCKS]);
  });

  it("a span of nothing gives no target, a negative one a negative target", () => {
    expect(retargetBits(0x1e00000000011b68n, 7n, 7n)).toBe(0n);
    expect(targetFromBits(retargetBits(0x1e00000000011b68n, 7n, 8n)) < 0n).toBe(true);
  });
});
