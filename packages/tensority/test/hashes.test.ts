import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tensority } from "../src/index.ts";
import { seedMatrices } from "../src/reference/index.ts";

interface SeedVectors {
  readonly seed: string;
  readonly matrices_sha256: string;
  readonly cases: readonly { readonly header_hash: string; readonly hash: string }[];
}
const path = new URL("../../../vectors/tensority/hashes.json", import.meta.url);
const vectors: SeedVectors[] = JSON.parse(readFileSync(path, "utf8"));
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (data: Uint8Array) => Buffer.from(data).toString("hex");

describe("hashes.json", () => {
  it.each(vectors)("matrices of $seed", ({ seed, matrices_sha256 }) => {
    const digest = createHash("sha256")
      .update(seedMatrices(bytes(seed)))
      .digest("hex");
    expect(digest).toBe(matrices_sha256);
  });
  it.each(vectors.slice(0, 3))("hashes of $seed", ({ seed, cases }) => {
    for (const { header_hash, hash } of cases.slice(0, 1))
      expect(hex(tensority(bytes(header_hash), bytes(seed)))).toBe(hash);
  });
});
