import { sha3_256 } from "@noble/hashes/sha3.js";
import type { Sha3Backend } from "./sha3-backend.ts";

/** The portable backend, and the reference for the others. */
export const nobleSha3: Sha3Backend = {
  name: "noble",
  hash: (bytes) => sha3_256(bytes),
  hashParts(parts) {
    const hash = sha3_256.create();
    for (const part of parts) hash.update(part);
    return hash.digest();
  },
  createStream() {
    const hash = sha3_256.create();
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
};
