import { createSHA3 } from "hash-wasm";
import type { BenchCase, BenchSuite } from "../../../scripts/harness.ts";
import {
  ripemd160,
  type Sha3Backend,
  sha3,
  sha3Backend,
  sha3Backends,
  sha3Concat,
  sha256,
  sha512,
} from "../src/index.ts";

/** Merkle trees and entry ids hash 32 to 64 bytes; the long ones show where node:crypto wins. */
const LENGTHS = [32, 64, 512, 1024, 2048, 65536];

export default async function hash(): Promise<BenchSuite[]> {
  const backends = sha3Backends();
  const peer = await createSHA3(256);
  const suites = LENGTHS.map((length): BenchSuite => {
    const message = Uint8Array.from({ length }, (_, index) => index);
    // Enough calls a turn that the timer's own cost stays below a percent.
    const operations = Math.max(1, Math.round(20_000 / length));
    const repeated = (name: string, call: () => unknown): BenchCase => ({
      name,
      operations,
      comparedTo: "noble",
      run() {
        for (let i = 0; i < operations; i++) call();
      },
    });
    return {
      name: `SHA3-256 of ${length} bytes`,
      cases: [
        ...backends.map((backend) => repeated(backend.name, () => backend.hash(message))),
        repeated("hash-wasm, instance kept", () => peer.init().update(message).digest("binary")),
        repeated("sha3", () => sha3(message)),
      ],
      notes: [`behind sha3: ${sha3Backend().name}`],
    };
  });
  return [...suites, parts(), streams(backends), others()];
}

/** Rows as the digest of all unspent outputs takes them. */
function streams(backends: readonly Sha3Backend[]): BenchSuite {
  const row = Uint8Array.from({ length: 41 }, (_, index) => index);
  return {
    name: "SHA3-256 streams, rows of 41 bytes",
    cases: backends.map((backend) => ({
      name: backend.name,
      operations: 5000,
      comparedTo: "noble",
      run() {
        const stream = backend.createStream();
        for (let i = 0; i < 5000; i++) stream.update(row);
        return stream.digest();
      },
    })),
  };
}

/** What `sha3Concat` saves, in the shapes of the ledger. */
function parts(): BenchSuite {
  const prefix = new TextEncoder().encode("entryid:output1:");
  const node = Uint8Array.of(1);
  const left = Uint8Array.from({ length: 32 }, (_, index) => index);
  const right = left.toReversed();
  const concatenated = (...all: Uint8Array[]): Uint8Array => {
    const joined = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const part of all) {
      joined.set(part, offset);
      offset += part.length;
    }
    return sha3(joined);
  };
  const repeated = (name: string, call: () => unknown, comparedTo?: string): BenchCase => ({
    name,
    operations: 500,
    ...(comparedTo === undefined ? {} : { comparedTo }),
    run() {
      for (let i = 0; i < 500; i++) call();
    },
  });
  return {
    name: "SHA3-256 of parts",
    cases: [
      repeated("entry id, concatenated", () => concatenated(prefix, left)),
      repeated("entry id, sha3Concat", () => sha3Concat(prefix, left), "entry id, concatenated"),
      repeated("Merkle node, concatenated", () => concatenated(node, left, right)),
      repeated(
        "Merkle node, sha3Concat",
        () => sha3Concat(node, left, right),
        "Merkle node, concatenated",
      ),
    ],
  };
}

function others(): BenchSuite {
  const message = Uint8Array.from({ length: 64 }, (_, index) => index);
  const functions = { sha256, sha512, ripemd160 };
  return {
    name: "other hashes of 64 bytes",
    cases: Object.entries(functions).map(([name, call]) => ({
      name,
      operations: 500,
      run() {
        for (let i = 0; i < 500; i++) call(message);
      },
    })),
  };
}
