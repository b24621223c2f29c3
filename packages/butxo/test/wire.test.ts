import { describe, expect, it } from "vitest";
import primitives from "../../../vectors/ledger/primitives.json" with { type: "json" };
import { ButxoError, fromHex, parseHash, Reader, toHex, Writer } from "../src/index.ts";

/** The error that `action` throws. */
function errorOf(action: () => unknown): ButxoError {
  try {
    action();
  } catch (error) {
    if (error instanceof ButxoError) return error;
    throw error;
  }
  throw new Error("accepted");
}

describe("varints, golden vectors", () => {
  it.each(primitives.varint_decode)("decode $hex", (vector) => {
    const reader = new Reader(fromHex(vector.hex));
    if (vector.varint63 === undefined) {
      expect(() => reader.varint63()).toThrow(ButxoError);
      return;
    }
    expect(reader.varint63()).toBe(BigInt(vector.varint63));
    expect(reader.offset).toBe(vector.varint63_consumed);
  });

  it.each(primitives.varint_encode)("encode $value", (vector) => {
    const write = () => toHex(new Writer().varint63(BigInt(vector.value)).bytes());
    if (vector.varint63 === undefined) expect(write).toThrow(ButxoError);
    else expect(write()).toBe(vector.varint63);
  });
});

describe("varints", () => {
  it.each([
    ["ffffffffffffffffff02", "varint-overflow"],
    ["ffffffffffffffffffff", "varint-overflow"],
    ["ffffffffffffffffff01", "value-out-of-range"],
    ["80808080808080808080", "varint-overflow"],
    ["808080808080808080", "eof"],
    ["", "eof"],
  ])("%s is refused with %s", (hex, code) => {
    expect(errorOf(() => new Reader(fromHex(hex)).varint63()).code).toBe(code);
  });

  it("accepts encodings that are longer than needed", () => {
    expect(new Reader(fromHex("80808080808080808000")).varint63()).toBe(0n);
    expect(new Reader(fromHex("ff8080808000")).varint31()).toBe(127);
  });

  it("names the offset of the item, not of the last byte", () => {
    const reader = new Reader(fromHex("00ffffffffffffffffff7f"));
    reader.byte();
    expect(errorOf(() => reader.varint63())).toMatchObject({ code: "varint-overflow", offset: 1 });
  });

  it.each([0.5, -1, 2 ** 31, Number.NaN])("refuses to write the length %s", (value) => {
    expect(errorOf(() => new Writer().varint31(value)).code).toBe("value-out-of-range");
  });
});

describe("byte strings and lists", () => {
  it("tells a missing hash from one that is cut off", () => {
    expect(errorOf(() => new Reader(new Uint8Array(0)).hash()).code).toBe("eof");
    expect(errorOf(() => new Reader(new Uint8Array(31)).hash()).code).toBe("unexpected-eof");
  });

  it("does not give out the caller's buffer", () => {
    const input = fromHex("03010203");
    const read = new Reader(input).varstr31();
    input.fill(0xff);
    expect(toHex(read)).toBe("010203");
  });

  it("reports an early failure in a list as an unexpected end, as the reference does", () => {
    const codeOf = (hex: string) => errorOf(() => new Reader(fromHex(hex)).varstrList()).code;
    expect(codeOf("02")).toBe("eof");
    expect(codeOf("03")).toBe("unexpected-eof");
    expect(codeOf("030101")).toBe("eof");
  });

  it("does not believe a count", () => {
    const reader = new Reader(fromHex("ffffffff07"));
    expect(errorOf(() => reader.varstrList()).code).toBe("unexpected-eof");
  });

  it("reads the content of an extensible string and no further", () => {
    const reader = new Reader(fromHex("0301020304"));
    const outer = reader.open();
    expect(reader.varstr31().length).toBe(1);
    expect(errorOf(() => reader.bytes(2)).code).toBe("unexpected-eof");
    expect(toHex(reader.close(outer))).toBe("03");
    expect(reader.byte()).toBe(4);
    reader.finish();
  });

  it("says how many bytes are left over", () => {
    const error = errorOf(() => new Reader(new Uint8Array(3)).finish());
    expect(error).toMatchObject({ code: "trailing-garbage", offset: 0, value: 3 });
    expect(error.message).toBe("trailing-garbage at 0 (3)");
  });
});

it("a writer grows, and its length prefixes of extensible strings fit", () => {
  for (const length of [0, 1, 127, 128, 20_000]) {
    const content = new Uint8Array(length).fill(7);
    const writer = new Writer(1).byte(9);
    const start = writer.open();
    writer.raw(content).close(start);
    const reader = new Reader(writer.bytes());
    expect(reader.byte()).toBe(9);
    expect(reader.varstr31()).toEqual(content);
    reader.finish();
  }
});

describe("text", () => {
  it("reads hashes in either case, and null as zeros", () => {
    expect(parseHash("AB".repeat(32))).toEqual(new Uint8Array(32).fill(0xab));
    expect(parseHash(null)).toEqual(new Uint8Array(32));
    expect(errorOf(() => parseHash("ab"))).toMatchObject({ code: "hash-length", value: 2 });
  });

  it("finds a bad digit before an odd length, as the reference does", () => {
    expect(errorOf(() => fromHex("07010")).code).toBe("odd-length-hex");
    expect(errorOf(() => fromHex("0701 "))).toMatchObject({ code: "invalid-hex", offset: 4 });
    expect(errorOf(() => fromHex("0g0"))).toMatchObject({ code: "invalid-hex", offset: 1 });
    expect(errorOf(() => fromHex("０7")).code).toBe("invalid-hex");
  });

  it("writes every byte", () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(fromHex(toHex(all))).toEqual(all);
    expect(toHex(all)).toBe(Buffer.from(all).toString("hex"));
  });
});
