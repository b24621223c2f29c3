import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ButxoError,
  bytomMainnet,
  classifyProgram,
  decodeAddress,
  encodeAddress,
  fromHex,
  isStandardProgram,
  isUnspendable,
  p2wpkhProgram,
  p2wshProgram,
  programAddress,
  vaporMainnet,
  witnessHash,
} from "../src/index.ts";

const witness = fc.oneof(
  fc.uint8Array({ minLength: 20, maxLength: 20 }),
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
);
const prefix = fc.constantFrom("bm", "tm", "sm", "vp", "tp", "sp", "bn");
const ADDRESS = "bm1q7ddun9dtgh8zxp26fghu7p636rexr5xqvw834m";

/** The code with which `action` fails. */
function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ButxoError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("addresses", () => {
  it("decode inverts encode, in either case", () => {
    fc.assert(
      fc.property(witness, prefix, (hash, hrp) => {
        const address = encodeAddress(hash, hrp);
        expect(address).toBe(address.toLowerCase());
        for (const text of [address, address.toUpperCase()]) {
          const decoded = decodeAddress(text, hrp);
          expect(decoded.hash).toEqual(hash);
          expect(decoded.type).toBe(hash.length === 20 ? "p2wpkh" : "p2wsh");
          expect(programAddress(decoded.controlProgram, hrp)).toBe(address);
        }
      }),
    );
  });

  it("one wrong character is always found", () => {
    fc.assert(
      fc.property(witness, fc.nat(), fc.nat(30), (hash, at, shift) => {
        const charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
        const address = encodeAddress(hash, "bm");
        const offset = 3 + (at % (address.length - 3));
        const value = charset.indexOf(address.charAt(offset));
        const wrong = charset.charAt((value + 1 + shift) % 32);
        const text = address.slice(0, offset) + wrong + address.slice(offset + 1);
        expect(codeOf(() => decodeAddress(text, "bm"))).toBe("bech32-checksum");
      }),
    );
  });

  it("any text is an address or a ButxoError", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        codeOf(() => decodeAddress(text, "bm"));
        codeOf(() => decodeAddress(`bm1${text}`, "bm"));
      }),
    );
  });

  it.each([
    ["", "unknown-address-type"],
    ["bm", "unknown-address-type"],
    ["1", "unknown-address-type"],
    ["b1qqqqqqqq", "unknown-address-type"],
    ["tm1q7ddun9dtgh8zxp26fghu7p636rexr5xqvw834m", "unknown-address-type"],
    ["bm1qqqq", "bech32-length"],
    [`bm1${"q".repeat(88)}`, "bech32-length"],
    ["bm1qqqqq qqqq", "bech32-character"],
    ["bm1qqqqqéqqqq", "bech32-character"],
    ["Bm1q7ddun9dtgh8zxp26fghu7p636rexr5xqvw834m", "bech32-mixed-case"],
    ["bm1qqqqq", "bech32-separator"],
    ["bm1bqqqqqqqq", "bech32-charset"],
    ["bm1qqqqqqqqq", "bech32-checksum"],
  ])("%s: %s", (text, code) => {
    expect(codeOf(() => decodeAddress(text, "bm"))).toBe(code);
  });

  it.each([
    [[], "invalid-witness-version"],
    [[17], "invalid-witness-version"],
    [[0, 1], "bech32-padding"],
    [[0, 0, 0, 0], "bech32-padding"],
    [[0, 0, 0], "witness-program-length"],
    [new Array<number>(35).fill(0), "witness-program-length"],
    [[1, ...new Array<number>(66).fill(0)], "witness-program-length"],
    [[1, ...new Array<number>(32).fill(0)], "unsupported-witness-version"],
  ])("the values %j: %s", (values, code) => {
    expect(codeOf(() => decodeAddress(bech32("bm", values), "bm"))).toBe(code);
  });

  it("are made of hashes of 20 or 32 bytes only", () => {
    expect(codeOf(() => encodeAddress(new Uint8Array(21), "bm"))).toBe("witness-program-length");
    expect(codeOf(() => p2wpkhProgram(new Uint8Array(32)))).toBe("witness-program-length");
    expect(codeOf(() => p2wshProgram(new Uint8Array(20)))).toBe("witness-program-length");
  });

  it("belong to their network", () => {
    expect(decodeAddress(ADDRESS, bytomMainnet.addressPrefix).type).toBe("p2wpkh");
    expect(() => decodeAddress(ADDRESS, vaporMainnet.addressPrefix)).toThrow(ButxoError);
  });
});

describe("programs", () => {
  const key = "14".concat("ab".repeat(20));
  const script = "20".concat("ab".repeat(32));
  it.each([
    [`00${key}`, "p2wpkh"],
    [`51${key}`, "p2wpkh"],
    [`4f${key}`, "p2wpkh"],
    [`60${key}`, "p2wpkh"],
    [`0177${key}`, "p2wpkh"],
    [`50${key}`, "p2wpkh"],
    [`4b${"00".repeat(75)}${key}`, "p2wpkh"],
    [`4b${"00".repeat(74)}${key}`, undefined],
    [`4c0177${key}`, "p2wpkh"],
    [`4d010077${key}`, "p2wpkh"],
    [`4e0100000077${key}`, "p2wpkh"],
    [`00${script}`, "p2wsh"],
    [`4c00${script}`, "p2wsh"],
    ["51", "straightforward"],
    ["6a", "straightforward"],
    ["", undefined],
    [`61${key}`, undefined],
    [`00${key}00`, undefined],
    [`0000${key}`, undefined],
    [`4e01000080${key}`, undefined],
    ["4c", undefined],
    ["4d00", undefined],
    ["4e0000", undefined],
    ["6a0102", undefined],
    [key, undefined],
  ])("%s is %s", (hex, kind) => {
    const program = fromHex(hex);
    expect(classifyProgram(program)).toBe(kind);
    expect(isStandardProgram(program)).toBe(kind !== undefined);
  });

  it("only witness version 0 has a hash to run", () => {
    expect(witnessHash(fromHex(`00${key}`))).toEqual(new Uint8Array(20).fill(0xab));
    expect(witnessHash(fromHex(`51${key}`))).toBeUndefined();
    expect(programAddress(fromHex("51"), "bm")).toBeUndefined();
  });

  it("are unspendable by their first byte", () => {
    expect(isUnspendable(fromHex("6a0102"))).toBe(true);
    expect(isUnspendable(fromHex("006a"))).toBe(false);
    expect(isUnspendable(new Uint8Array(0))).toBe(false);
  });
});

/** Bech32 as BIP-173 describes it, to make addresses that our encoder refuses to make. */
function bech32(hrp: string, values: readonly number[]): string {
  const charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  const expanded = [...hrp].map((c) => c.charCodeAt(0));
  const all = [...expanded.map((c) => c >> 5), 0, ...expanded.map((c) => c & 31), ...values];
  let checksum = 1;
  for (const value of [...all, 0, 0, 0, 0, 0, 0]) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((generator, i) => {
      if ((top >>> i) & 1) checksum ^= generator;
    });
  }
  checksum ^= 1;
  const tail = [5, 4, 3, 2, 1, 0].map((i) => (checksum >>> (5 * i)) & 31);
  return `${hrp}1${[...values, ...tail].map((v) => charset.charAt(v)).join("")}`;
}
