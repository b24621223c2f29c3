import { sha256 } from "@bystack/crypto";
import { seedMatrices } from "@bystack/tensority/reference";
import { bytes, equal, list, object, text } from "../check.ts";
import type { Handler } from "../runner.ts";
import { hashers } from "./kernels.ts";

/** `hashes`: the matrices of some seeds, and hashes under them. */
export const hashes: Handler = (file, context) => {
  const kernels = hashers(context);
  for (const value of list(file, "file")) {
    const { seed: hex, matrices_sha256, cases } = object(value, "seed");
    const label = text(hex, "seed").slice(0, 8);
    const seed = bytes(hex, "seed");
    context.check(`seed ${label}: matrices`, () => {
      const matrices = seedMatrices(seed);
      equal(sha256(new Uint8Array(matrices.buffer)), bytes(matrices_sha256, "sha256"), "matrices");
    });
    list(cases, "cases").forEach((entry, index) => {
      context.check(`seed ${label}: hash ${index}`, () => {
        const { header_hash, hash } = object(entry, "case");
        for (const hasher of kernels) {
          const actual = hasher.hash(bytes(header_hash, "header_hash"), seed);
          equal(actual, bytes(hash, "hash"), `hash by ${hasher.kernel}`);
        }
      });
    });
  }
};
