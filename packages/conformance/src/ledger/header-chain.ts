import {
  type BlockHeader,
  blockHash,
  bytom,
  initialSeed,
  MEDIAN_BLOCKS,
  medianTime,
  nextBits,
  nextSeed,
  workFromBits,
} from "@bystack/butxo";
import { equal, type Fields, integer, list, object } from "../check.ts";
import type { Handler } from "../runner.ts";
import { compareFields } from "./describe.ts";

interface Link {
  readonly hash: Uint8Array;
  readonly seed: Uint8Array;
  readonly workSum: bigint;
  readonly timestamps: readonly bigint[];
  readonly nextBits: bigint;
}

/** `header_chain`: a long chain of headers given by timestamps and bits. */
export const headerChain: Handler = (file, context) => {
  const timestamps: bigint[] = [];
  let parent: Link | undefined;
  list(object(file, "file")["headers"], "headers").forEach((value, index) => {
    const { t, b, ...rest } = object(value, "header");
    const header = headerOf(BigInt(index), integer(t, "t"), integer(b, "b"), parent?.hash);
    timestamps.push(header.timestamp);
    const link = follow(header, parent, timestamps);
    const expectedBits = parent?.nextBits;
    context.check(`header ${index}`, () => checkLink(header, link, expectedBits, rest));
    parent = link;
  });
};

type WorkHeader = BlockHeader & {
  readonly seal: { readonly type: "proof-of-work"; readonly nonce: bigint; readonly bits: bigint };
};

function headerOf(
  height: bigint,
  timestamp: bigint,
  bits: bigint,
  previousBlockHash: Uint8Array = new Uint8Array(32),
): WorkHeader {
  return {
    dialect: bytom,
    version: 1n,
    height,
    previousBlockHash,
    timestamp,
    transactionMerkleRoot: new Uint8Array(32),
    transactionStatusHash: new Uint8Array(32),
    seal: { type: "proof-of-work", nonce: 0n, bits },
  };
}

function follow(header: WorkHeader, parent: Link | undefined, timestamps: readonly bigint[]): Link {
  const { height, timestamp } = header;
  const { bits } = header.seal;
  const hash = blockHash(header);
  const seed =
    parent === undefined
      ? initialSeed()
      : nextSeed({ height: height - 1n, hash: parent.hash, seed: parent.seed });
  return {
    hash,
    seed,
    workSum: (parent?.workSum ?? 0n) + workFromBits(bits),
    timestamps: timestamps.slice(-MEDIAN_BLOCKS),
    nextBits: nextBits({ height, timestamp, bits }, (at) => timestamps[Number(at)] ?? 0n),
  };
}

function checkLink(
  { height, seal }: WorkHeader,
  link: Link,
  expectedBits: bigint | undefined,
  rest: Fields,
): void {
  if (expectedBits !== undefined) equal(expectedBits, seal.bits, "bits");
  const ours = {
    hash: link.hash,
    seed: link.seed,
    next_seed: nextSeed({ height, hash: link.hash, seed: link.seed }),
    next_bits: link.nextBits,
    median: medianTime(link.timestamps),
    work_sum: link.workSum,
  };
  compareFields(ours, rest, "header");
}
