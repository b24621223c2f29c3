import { equalBytes } from "../bytes.ts";
import type { Entry, StorageEngine, StorageReader } from "../engine.ts";
import { StorageError, type StorageErrorCode } from "../error.ts";
import type { StorageFactory, StorePlace } from "./harness.ts";

/** Fails the test with `message` unless `condition` holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Both absent, or plain arrays of the same bytes. */
export function assertBytes(
  actual: Uint8Array | undefined,
  expected: Uint8Array | undefined,
  what: string,
): void {
  if (actual === undefined || expected === undefined) {
    assert(actual === expected, `${what}: ${show(actual)} instead of ${show(expected)}`);
    return;
  }
  assert(
    Object.getPrototypeOf(actual) === Uint8Array.prototype,
    `${what}: not a plain Uint8Array but a ${actual.constructor.name}`,
  );
  assert(equalBytes(actual, expected), `${what}: ${show(actual)} instead of ${show(expected)}`);
}

/** The same entries in the same order. */
export function assertEntries(
  actual: readonly Entry[],
  expected: readonly Entry[],
  what: string,
): void {
  for (let i = 0; i < Math.min(actual.length, expected.length); i++) {
    for (const [part, name] of [
      [0, "key"],
      [1, "value"],
    ] as const) {
      const [found, wanted] = [actual[i]?.[part], expected[i]?.[part]];
      // Most are equal, and a sentence for each of a million costs more than comparing them.
      if (!isPlainEqual(found, wanted)) assertBytes(found, wanted, `${what}, ${name} ${i}`);
    }
  }
  assert(
    actual.length === expected.length,
    `${what}: ${actual.length} entries instead of ${expected.length}`,
  );
}

/** The promise rejects with a {@link StorageError} of this code. */
export async function assertRejects(
  promise: Promise<unknown>,
  code: StorageErrorCode,
  what: string,
): Promise<StorageError> {
  let error: unknown;
  try {
    await promise;
  } catch (thrown) {
    error = thrown;
  }
  if (error instanceof StorageError && error.code === code) return error;
  throw new Error(`${what}: ${error === undefined ? "no error" : error} instead of ${code}`, {
    cause: error,
  });
}

function isPlainEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    Object.getPrototypeOf(a) === Uint8Array.prototype &&
    equalBytes(a, b)
  );
}

/** All entries of a range, collected. */
export async function collect(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

/** The whole content. */
export function dump(reader: StorageReader): Promise<Entry[]> {
  return collect(reader.iterate());
}

/** Runs `body` over a new store and cleans up, whatever happens. */
export async function withStore(
  factory: StorageFactory,
  body: (store: StorageEngine, place: StorePlace) => Promise<void>,
): Promise<void> {
  const place = await factory.create();
  try {
    const store = await place.open();
    try {
      await body(store, place);
    } finally {
      await store.close();
    }
  } finally {
    await place.remove();
  }
}

/** Bytes of an ASCII text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function show(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return "nothing";
  const head = Array.from(bytes.subarray(0, 40), (byte) => byte.toString(16).padStart(2, "0"));
  return `${bytes.length} bytes ${head.join("")}${bytes.length > 40 ? "…" : ""}`;
}
