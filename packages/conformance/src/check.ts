import { hexToBytes } from "@noble/hashes/utils.js";

/** The vector and the product disagree. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

/** The case does not have the shape that its handler knows. */
export class UnreadableCase extends Error {
  override readonly name = "UnreadableCase";
}

/** A JSON object of a vector file. */
export type Fields = { readonly [name: string]: unknown };

/** Compares two plain values; bytes equal their hex text, integers their decimal text. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [show(actual), show(expected)];
  if (a !== b) throw new Mismatch(`${what}: got ${shorten(a)}, expected ${shorten(b)}`);
}

/** Runs `action`, which must fail, and gives what it threw. */
export function thrownBy(action: () => unknown, what: string): unknown {
  let result: unknown;
  try {
    result = action();
  } catch (error) {
    return error;
  }
  throw new Mismatch(`${what}: accepted (${shorten(show(result))}), expected an error`);
}

/** The `code` of one of our errors; rethrows everything else, which is a defect of the product. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string")
    return error.code;
  throw error;
}

/** The reference's name of an error as our code: `ErrOverGasCredit` is `over-gas-credit`. */
export function toCode(referenceName: string): string {
  return referenceName
    .replace(/^Err(?=[A-Z])/, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .replaceAll(/[_\s]+/g, "-")
    .toLowerCase();
}

export function object(value: unknown, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new UnreadableCase(`${what} is not an object`);
}

export function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UnreadableCase(`${what} is not a list`);
}

export function text(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw new UnreadableCase(`${what} is not a text`);
}

/** A small count or index. */
export function count(value: unknown, what: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new UnreadableCase(`${what} is not a whole number`);
}

/** A 64-bit (or larger) integer, written as a decimal string or as a small number. */
export function integer(value: unknown, what: string): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  throw new UnreadableCase(`${what} is not an integer`);
}

export function flag(value: unknown, what: string): boolean {
  if (typeof value === "boolean") return value;
  throw new UnreadableCase(`${what} is not true or false`);
}

/** A byte string written as hex. */
export function bytes(value: unknown, what: string): Uint8Array {
  try {
    return hexToBytes(text(value, what));
  } catch (cause) {
    if (cause instanceof UnreadableCase) throw cause;
    throw new UnreadableCase(`${what} is not hex`, { cause });
  }
}

/** Calls `use` with the field when the case has it. */
export function ifPresent(fields: Fields, name: string, use: (value: unknown) => void): void {
  if (name in fields && fields[name] !== undefined) use(fields[name]);
}

/** One notation for each value, whichever of the two a vector uses: hex for bytes, decimal for integers. */
function show(value: unknown): string {
  return JSON.stringify(value, asText) ?? "undefined";
}

function asText(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return typeof value === "bigint" || typeof value === "number" ? String(value) : value;
}

function shorten(value: string): string {
  return value.length > 300 ? `${value.slice(0, 300)}… (${value.length} characters)` : value;
}
