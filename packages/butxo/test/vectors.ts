import { readFileSync } from "node:fs";

/** A file of `vectors/ledger` or `vectors/vapor`. */
export function loadVectors<T>(path: string): T {
  return JSON.parse(readFileSync(`vectors/${path}`, "utf8")) as T;
}
