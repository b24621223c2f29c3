import {
  type BlockHeader,
  blockHash,
  bytom,
  formatBlockHeader,
  initialSeed,
  nextSeed,
  type ProofOfWorkSeal,
  parseBlockHeader,
  targetFromBits,
  workFromBits,
} from "@bystack/butxo";
import { meetsTarget } from "@bystack/tensority";
import { bytes, equal, type Fields, flag, ifPresent, integer, list, object } from "../check.ts";
import type { Handler } from "../runner.ts";
import { hashers } from "./kernels.ts";

/** `header-hash`: the block hash of headers, also of those that cannot be serialized. */
export const headerHashes: Handler = (file, context) => {
  list(file, "file").forEach((value, index) => {
    context.check(`header ${index}`, () => {
      const fields = object(value, "header");
      const header = readHeader(fields);
      equal(blockHash(header), bytes(fields["hash"], "hash"), "hash");
      checkRaw(fields["raw"], header);
    });
  });
};

/** `real-headers`: headers of real networks, solved and unsolved. */
export const realHeaders: Handler = (file, context) => {
  const kernels = hashers(context);
  list(file, "file").forEach((value, index) => {
    context.check(`header ${index}`, () => {
      const fields = object(value, "header");
      const header = readHeader(fields);
      const headerHash = blockHash(header);
      equal(headerHash, bytes(fields["hash"], "hash"), "hash");
      checkRaw(fields["raw"], header);
      const { bits } = header.seal;
      const target = targetFromBits(bits);
      equal(target, integer(fields["target"], "target"), "target");
      equal(workFromBits(bits), integer(fields["difficulty"], "difficulty"), "difficulty");
      if (fields["seed"] === null) return;
      const seed = bytes(fields["seed"], "seed");
      const accept = flag(fields["accept"], "accept");
      for (const hasher of kernels) {
        const hash = hasher.hash(headerHash, seed);
        equal(hash, bytes(fields["tensority"], "tensority"), `tensority by ${hasher.kernel}`);
        equal(meetsTarget(hash, target), accept, `accept by ${hasher.kernel}`);
      }
      equal(kernels[0]?.verify(headerHash, seed, target), accept, "verified");
    });
  });
};

/** `target-check`: hashes against compact difficulty. */
export const targetChecks: Handler = (file, context) => {
  list(file, "file").forEach((value, index) => {
    context.check(`check ${index}`, () => {
      const fields = object(value, "case");
      const hash = bytes(fields["hash"], "hash");
      const bits = integer(fields["bits"], "bits");
      const target = targetFromBits(bits);
      equal(target, integer(fields["target"], "target"), "target");
      equal(workFromBits(bits), integer(fields["work"], "work"), "work");
      equal(meetsTarget(hash, target), flag(fields["ok"], "ok"), "ok");
      ifPresent(fields, "hash_value", (decimal) => {
        const number = integer(decimal, "hash_value");
        equal(meetsTarget(hash, number), true, "at its own value");
        equal(meetsTarget(hash, number - 1n), false, "below its own value");
      });
    });
  });
};

/** `seed-schedule`: the seeds along a chain. */
export const seedSchedule: Handler = (file, context) => {
  const { initial_seed, nodes } = object(file, "file");
  context.check("initial seed", () => equal(initialSeed(), bytes(initial_seed, "seed"), "seed"));
  list(nodes, "nodes").forEach((value, index) => {
    context.check(`node ${index}`, () => {
      const fields = object(value, "node");
      const node = {
        height: integer(fields["height"], "height"),
        hash: bytes(fields["hash"], "hash"),
        seed: bytes(fields["seed_of_this_block"], "seed_of_this_block"),
      };
      equal(nextSeed(node), bytes(fields["seed_of_next_block"], "seed_of_next_block"), "next seed");
    });
  });
};

function readHeader(fields: Fields): BlockHeader<ProofOfWorkSeal> {
  return {
    dialect: bytom,
    version: integer(fields["version"], "version"),
    height: integer(fields["height"], "height"),
    previousBlockHash: bytes(fields["previous_block_hash"], "previous_block_hash"),
    timestamp: integer(fields["timestamp"], "timestamp"),
    transactionMerkleRoot: bytes(fields["transaction_merkle_root"], "transaction_merkle_root"),
    transactionStatusHash: bytes(fields["transaction_status_hash"], "transaction_status_hash"),
    seal: {
      type: "proof-of-work",
      nonce: integer(fields["nonce"], "nonce"),
      bits: integer(fields["bits"], "bits"),
    },
  };
}

/** `raw` is null where a field does not fit the wire. */
function checkRaw(raw: unknown, header: BlockHeader): void {
  if (raw === undefined) return;
  let ours: string | null = null;
  try {
    ours = formatBlockHeader(header);
  } catch (error) {
    if (raw !== null) throw error;
  }
  equal(ours, raw, "raw");
  if (ours !== null) equal(blockHash(parseBlockHeader(ours, bytom)), blockHash(header), "parsed");
}
