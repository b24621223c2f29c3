/** Values out of JSON that somebody else wrote. */
import { hexToBytes } from "@noble/hashes/utils.js";
import { BbftError } from "../../error.ts";

export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };
export type Fields = { readonly [key: string]: unknown };

/** @throws {@link BbftError} `remote`, as all readers of this module do */
export function fields(value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new BbftError("remote");
}

export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new BbftError("remote");
}

export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new BbftError("remote");
}

/** From hex. */
export function bytes(value: unknown): Uint8Array {
  try {
    return hexToBytes(text(value));
  } catch (cause) {
    throw new BbftError("remote", {}, { cause });
  }
}

/** Of at most 64 bits, from a decimal string. */
export function integer(value: unknown): bigint {
  const digits = text(value);
  const found = /^\d{1,20}$/.test(digits) ? BigInt(digits) : undefined;
  if (found === undefined || found >= 1n << 64n) throw new BbftError("remote");
  return found;
}

export function count(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new BbftError("remote");
}
