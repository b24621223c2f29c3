import fc from "fast-check";
import { expect, it } from "vitest";
import { int64Bytes, isTrueBytes, parseInt64 } from "../src/index.ts";
import { intOf, itemBytes, itemLength, itemOf, itemOfInt, itemsEqual, Truth } from "../src/item.ts";
import { toHex } from "../src/text.ts";

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc
    .array(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), { maxLength: 9 })
    .map((list) => Uint8Array.from(list)),
);

const edges = [
  0n,
  2n ** 31n,
  2n ** 32n,
  2n ** 40n,
  2n ** 48n,
  2n ** 53n,
  2n ** 56n,
  2n ** 63n - 1n,
];
const int64 = fc.oneof(
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc.bigInt(-300n, 300n),
  fc
    .tuple(fc.constantFrom(...edges), fc.bigInt(-3n, 0n), fc.boolean())
    .map(([edge, offset, negative]) => (negative ? -(edge + offset) : edge + offset)),
);

it("an item is its byte string", () => {
  fc.assert(
    fc.property(bytes, (value) => {
      const item = itemOf(value);
      expect(toHex(itemBytes(item))).toBe(toHex(value));
      expect(itemLength(item)).toBe(value.length);
      expect(new Truth().of(item)).toBe(value.some((byte) => byte !== 0));
      expect(isTrueBytes(value)).toBe(value.some((byte) => byte !== 0));
    }),
  );
});

it("the truth of long items does not depend on where they lie in memory", () => {
  fc.assert(
    fc.property(
      fc.nat(7),
      fc.oneof(fc.nat(12), fc.nat(200)),
      fc.option(fc.nat(199)),
      (offset, length, place) => {
        const bytes = new Uint8Array(new ArrayBuffer(offset + length + 3), offset, length);
        if (place !== null && place < length) bytes[place] = 1;
        const expected = place !== null && place < length;
        const truth = new Truth();
        expect([truth.of(bytes), truth.of(bytes), isTrueBytes(bytes)]).toEqual([
          expected,
          expected,
          expected,
        ]);
      },
    ),
  );
});

it("an item of at most 8 bytes is its number", () => {
  fc.assert(
    fc.property(bytes, (value) => {
      const number = intOf(itemOf(value));
      if (value.length > 8) expect(number).toBeUndefined();
      else expect(number === undefined ? undefined : BigInt(number)).toBe(parseInt64(value));
    }),
  );
});

it("a number becomes its shortest byte string and comes back", () => {
  fc.assert(
    fc.property(int64, (value) => {
      const item = itemOfInt(value);
      expect(toHex(itemBytes(item))).toBe(toHex(int64Bytes(value)));
      expect(itemLength(item)).toBe(int64Bytes(value).length);
      expect(BigInt(intOf(item) ?? -1)).toBe(value);
      expect(parseInt64(int64Bytes(value))).toBe(value);
    }),
  );
});

it("a number is a bigint only outside of the safe integers", () => {
  fc.assert(
    fc.property(int64, (value) => {
      const number = intOf(itemOf(int64Bytes(value)));
      expect(typeof number).toBe(
        Number.isSafeInteger(Number(value)) && BigInt(Number(value)) === value
          ? "number"
          : "bigint",
      );
    }),
  );
});

it("items are equal exactly when their byte strings are", () => {
  fc.assert(
    fc.property(bytes, bytes, int64, (a, b, value) => {
      expect(itemsEqual(itemOf(a), itemOf(b))).toBe(toHex(a) === toHex(b));
      expect(itemsEqual(itemOf(a), itemOf(a.slice()))).toBe(true);
      expect(itemsEqual(itemOfInt(value), itemOf(int64Bytes(value)))).toBe(true);
      expect(itemsEqual(itemOf(int64Bytes(value)), itemOfInt(value))).toBe(true);
    }),
  );
});
