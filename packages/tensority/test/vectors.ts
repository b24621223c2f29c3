import { readFileSync } from "node:fs";

export interface SeedVectors {
  readonly seed: string;
  readonly matrices_sha256: string;
  readonly cases: readonly { readonly header_hash: string; readonly hash: string }[];
}

/** The recorded hashes of the original node. */
export const seedVectors: SeedVectors[] = JSON.parse(
  readFileSync(new URL("../../../vectors/tensority/hashes.json", import.meta.url), "utf8"),
);

/** `count` recorded cases of the seed numbered `seed`. */
export function recorded(seed: number, count: number): Recorded[] {
  const vectors = seedVectors[seed];
  return (vectors?.cases ?? []).slice(0, count).map(({ header_hash, hash }) => ({
    seed: bytes(vectors?.seed ?? ""),
    headerHash: bytes(header_hash),
    hash: bytes(hash),
  }));
}

export interface Recorded {
  readonly seed: Uint8Array;
  readonly headerHash: Uint8Array;
  readonly hash: Uint8Array;
}

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

/** A hash as the number that is compared with a target. */
export function numberOf(hash: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(hash).reverse().toString("hex")}`);
}
