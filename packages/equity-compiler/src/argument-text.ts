/**
 * Arguments as the command line takes them.
 *
 * @see spec 30-equity, section 11 "Command line", argument texts
 */
import { EquityError } from "./error.ts";
import { parseHex } from "./hex.ts";
import type { ContractArgument } from "./instantiate.ts";

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const MAX_AMOUNT = 2n ** 63n;
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/**
 * Reads the text of an argument.
 *
 * @returns undefined for types that the historical command line cannot write: nothing is pushed
 * @throws {@link EquityError} `argument-format`
 * @example
 * parseArgument({ name: "count", type: "Integer" }, "5"); // 5n
 */
export function parseArgument(
  { name, type }: { readonly name: string; readonly type: string },
  text: string,
): ContractArgument | undefined {
  const value = read(type, text);
  if (value === "bad") throw new EquityError("argument-format", { names: [name, type, text] });
  return value;
}

function read(type: string, text: string): ContractArgument | undefined | "bad" {
  switch (type) {
    case "Boolean":
      if (text === "true" || text === "1") return true;
      return text === "false" || text === "0" ? false : "bad";
    case "Amount": {
      const value = /^\d+$/.test(text) ? decimal(text) : undefined;
      // 2^63 itself passes, and becomes negative.
      return value === undefined || value > MAX_AMOUNT ? "bad" : BigInt.asIntN(64, value);
    }
    case "Integer": {
      const value = /^[+-]?\d+$/.test(text) ? decimal(text) : undefined;
      return value === undefined || value > MAX_INT64 || value < MIN_INT64 ? "bad" : value;
    }
    case "Asset":
    case "Hash":
    case "PublicKey":
      return hexOfLength(text, 64);
    case "Sign":
      return hexOfLength(text, 128);
    case "Program":
      return parseHex(text) ?? "bad";
    case "String":
      return new TextEncoder().encode(text);
    default:
      return undefined;
  }
}

/** More digits than a 64-bit number can need, leading zeros apart, are not converted at all. */
const MAX_DIGITS = 20;

function decimal(text: string): bigint | undefined {
  const digits = text.replace(/^[+-]?0*(?=\d)/, "");
  if (digits.length > MAX_DIGITS) return undefined;
  return text.startsWith("-") ? -BigInt(digits) : BigInt(digits);
}

function hexOfLength(text: string, digits: number): Uint8Array | "bad" {
  return text.length === digits ? (parseHex(text) ?? "bad") : "bad";
}
