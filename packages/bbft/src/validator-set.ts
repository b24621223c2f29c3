/**
 * Validators, their voting power, and what counts as a quorum.
 *
 * @see spec 90-bbft, section 2 "System model" and section 4
 */
import { sha3_256 } from "@noble/hashes/sha3.js";
import { ascii, concat, u8, u16, u64 } from "./bytes.ts";
import { BbftError } from "./error.ts";
import type { SignerSet } from "./signer-set.ts";

/** Validators of one set, at most. */
export const MAX_VALIDATORS = 4096;

/** The 15 ASCII bytes before everything that is hashed or signed. */
export const TAG = "bystack-bbft/v1";

export interface Validator {
  /** Voting power, >= 1; the sum over the set is below 2^53. */
  readonly power: bigint;
  /** Mortgaged assets; orders the candidates for gateways, has no part in votes. */
  readonly stake: bigint;
  /** Public key of the signature scheme in force. */
  readonly voteKey: Uint8Array;
  /** ed25519 node key, 32 bytes. */
  readonly idKey: Uint8Array;
}

/** The validators of one epoch in the order that the application decided. */
export interface ValidatorSet {
  readonly epoch: bigint;
  /** Id of the signature scheme in force: 1 ed25519, 2 bls12-381. */
  readonly scheme: number;
  readonly validators: readonly Validator[];
}

/** A validator set with its derived numbers; what every check works with. */
export interface Electorate {
  readonly set: ValidatorSet;
  readonly n: number;
  /** Voting power by index. */
  readonly powers: readonly number[];
  readonly totalPower: number;
  /** Least power q with 3q > 2P. */
  readonly quorumPower: number;
  /** Least power w with 3w >= P: contains an honest validator. */
  readonly weakPower: number;
  readonly voteKeys: readonly Uint8Array[];
}

/**
 * Checks a validator set and derives its quorums.
 *
 * @throws {@link BbftError} `valset` for an empty or too large set, a power below 1 or a sum of 2^53
 */
export function createElectorate(set: ValidatorSet): Electorate {
  const n = set.validators.length;
  if (n < 1 || n > MAX_VALIDATORS) throw new BbftError("valset", { found: n });
  let total = 0n;
  for (const [validator, { power }] of set.validators.entries()) {
    if (power < 1n) throw new BbftError("valset", { validator });
    total += power;
  }
  if (total >= 1n << 53n) throw new BbftError("valset", { found: n });
  return {
    set,
    n,
    powers: set.validators.map(({ power }) => Number(power)),
    totalPower: Number(total),
    quorumPower: Number((2n * total) / 3n) + 1,
    weakPower: Number((total + 2n) / 3n),
    voteKeys: set.validators.map(({ voteKey }) => voteKey),
  };
}

/** Voting power of a set of signers. */
export function powerOf({ powers }: Electorate, signers: SignerSet): number {
  let sum = 0;
  for (let at = 0; at < signers.length; at++) {
    let byte = signers[at] ?? 0;
    for (let index = at * 8; byte !== 0; byte >>= 1, index++)
      if (byte & 1) sum += powers[index] ?? 0;
  }
  return sum;
}

/** Number of faulty validators that n equally powerful ones tolerate: `floor((n - 1) / 3)`. */
export const faultsTolerated = (n: number): number => Math.floor((n - 1) / 3);

/** The identity of a set: what the last block of an epoch says about the next one. 32 bytes. */
export function valsetHash(set: ValidatorSet): Uint8Array {
  const parts = [
    ascii(`${TAG}/valset`),
    u64(set.epoch),
    u8(set.scheme),
    u16(set.validators.length),
  ];
  for (const { power, voteKey, idKey } of set.validators)
    parts.push(u64(power), u16(voteKey.length), voteKey, u16(idKey.length), idKey);
  return sha3_256(concat(...parts));
}

/** `floor((height - 1) / epochLength)`, for height >= 1. */
export function epochOf(height: bigint, epochLength: number): bigint {
  return (height - 1n) / BigInt(epochLength);
}

/** Is this the last height of its epoch? */
export function isLastOfEpoch(height: bigint, epochLength: number): boolean {
  return height % BigInt(epochLength) === 0n;
}
