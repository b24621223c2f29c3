/**
 * Standard programs: what wallets lock value with, and what runs in their place.
 *
 * @see spec 20-bvm, section 8.5 "Standard programs"
 */
import { ripemd160, sha3 } from "@bystack/crypto";
import { ProgramBuilder } from "./builder.ts";
import { BvmError } from "./error.ts";
import { convertibleHash } from "./recognize.ts";

const FALSE = 0x00;
const TRUE = 0x51;
const VERIFY = 0x69;
const FAIL = 0x6a;
const DUP = 0x76;
const SWAP = 0x7c;
const EQUALVERIFY = 0x88;
const GREATERTHAN = 0xa0;
const SHA3 = 0xaa;
const HASH160 = 0xab;
const CHECKSIG = 0xac;
const CHECKMULTISIG = 0xad;
const TXSIGHASH = 0xae;
const CHECKPREDICATE = 0xc0;
const BLOCKHEIGHT = 0xcd;

const KEY_HASH_LENGTH = 20;
const SCRIPT_HASH_LENGTH = 32;

/** The hash of a public key that a P2WPKH program contains, 20 bytes. */
export function publicKeyHash(publicKey: Uint8Array): Uint8Array {
  return ripemd160(publicKey);
}

/** The hash of a script that a P2WSH program contains, 32 bytes. */
export function scriptHash(script: Uint8Array): Uint8Array {
  return sha3(script);
}

/**
 * Pays to the owner of the key with this hash.
 *
 * @throws RangeError unless the hash has 20 bytes
 * @example
 * p2wpkhProgram(publicKeyHash(publicKey)); // 00 14 and the hash
 */
export function p2wpkhProgram(keyHash: Uint8Array): Uint8Array {
  checkLength(keyHash, KEY_HASH_LENGTH);
  return new ProgramBuilder().addOp(FALSE).addData(keyHash).build();
}

/**
 * Pays to whoever satisfies the script with this hash.
 *
 * @throws RangeError unless the hash has 32 bytes
 * @example
 * p2wshProgram(scriptHash(multisigProgram([key1, key2, key3], 2)));
 */
export function p2wshProgram(hash: Uint8Array): Uint8Array {
  checkLength(hash, SCRIPT_HASH_LENGTH);
  return new ProgramBuilder().addOp(FALSE).addData(hash).build();
}

/**
 * What runs for a P2WPKH program.
 *
 * @throws RangeError unless the hash has 20 bytes
 */
export function p2pkhProgram(keyHash: Uint8Array): Uint8Array {
  checkLength(keyHash, KEY_HASH_LENGTH);
  const head = Uint8Array.of(DUP, HASH160);
  const tail = Uint8Array.of(EQUALVERIFY, TXSIGHASH, SWAP, CHECKSIG);
  return new ProgramBuilder().addBytes(head).addData(keyHash).addBytes(tail).build();
}

/**
 * What runs for a P2WSH program.
 *
 * @throws RangeError unless the hash has 32 bytes
 */
export function p2shProgram(hash: Uint8Array): Uint8Array {
  checkLength(hash, SCRIPT_HASH_LENGTH);
  return new ProgramBuilder()
    .addBytes(Uint8Array.of(DUP, SHA3))
    .addData(hash)
    .addOp(EQUALVERIFY)
    .addInt(-1n)
    .addBytes(Uint8Array.of(SWAP, FALSE, CHECKPREDICATE))
    .build();
}

/**
 * What runs for a P2WPKH or P2WSH program of witness version 0.
 *
 * @throws {@link BvmError} `unknown-witness-version` for every other program
 */
export function witnessProgram(program: Uint8Array): Uint8Array {
  const hash = convertibleHash(program);
  if (hash === undefined) throw new BvmError("unknown-witness-version");
  return hash.length === KEY_HASH_LENGTH ? p2pkhProgram(hash) : p2shProgram(hash);
}

/** The program of a coinbase output without an owner: anyone can spend it. */
export function coinbaseProgram(): Uint8Array {
  return Uint8Array.of(TRUE);
}

/**
 * A program that nothing unlocks; the comment, if not empty, is pushed behind.
 *
 * @example
 * retireProgram(Uint8Array.of(0x68, 0x69)); // 6a 02 68 69
 */
export function retireProgram(comment: Uint8Array): Uint8Array {
  const builder = new ProgramBuilder().addOp(FAIL);
  if (comment.length > 0) builder.addData(comment);
  return builder.build();
}

/** When a multisig program can be used. */
export interface MultisigOptions {
  /** Only blocks below this height; 0 or left out: no limit. */
  readonly belowHeight?: bigint | undefined;
}

/**
 * Demands `quorum` signatures by different keys out of `publicKeys` (32 bytes each), in the order
 * of the keys.
 *
 * @throws {@link BvmError} `bad-value` for a quorum below 0 or above the number of keys, for quorum
 * 0 with keys, and for a negative height
 * @example
 * multisigProgram([key1, key2, key3], 2); // two of three
 */
export function multisigProgram(
  publicKeys: readonly Uint8Array[],
  quorum: number,
  { belowHeight = 0n }: MultisigOptions = {},
): Uint8Array {
  const count = publicKeys.length;
  if (!Number.isInteger(quorum) || quorum < 0 || quorum > count || (quorum === 0 && count > 0))
    throw new BvmError("bad-value", { subject: `quorum ${quorum} of ${count}` });
  if (belowHeight < 0n) throw new BvmError("bad-value", { subject: `height ${belowHeight}` });
  const builder = new ProgramBuilder();
  if (belowHeight > 0n)
    builder.addInt(belowHeight).addBytes(Uint8Array.of(BLOCKHEIGHT, GREATERTHAN, VERIFY));
  builder.addOp(TXSIGHASH);
  for (const publicKey of publicKeys) builder.addData(publicKey);
  return builder.addInt(BigInt(quorum)).addInt(BigInt(count)).addOp(CHECKMULTISIG).build();
}

function checkLength(hash: Uint8Array, length: number): void {
  if (hash.length !== length) throw new RangeError(`a hash of ${hash.length} bytes, not ${length}`);
}
