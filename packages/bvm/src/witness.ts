/**
 * Witness arguments of standard programs, first to last. Signatures are over the signature hash of
 * the input.
 *
 * @see spec 20-bvm, section 9.6 "Witness layout of standard programs"
 */
import { int64Bytes } from "./int64.ts";

/** Unlocks a P2WPKH program. */
export function p2wpkhWitness(signature: Uint8Array, publicKey: Uint8Array): Uint8Array[] {
  return [signature, publicKey];
}

/**
 * Unlocks a P2WSH program: what its script takes, then the script.
 *
 * @example
 * p2wshWitness([preimage], script);
 */
export function p2wshWitness(args: readonly Uint8Array[], script: Uint8Array): Uint8Array[] {
  return [...args, script];
}

/** Unlocks a P2WSH program with a multisig script; signatures in the order of the script's keys. */
export function multisigWitness(
  signatures: readonly Uint8Array[],
  script: Uint8Array,
): Uint8Array[] {
  return p2wshWitness(signatures, script);
}

/**
 * Unlocks a contract of several clauses by the clause with this index, counted from 0.
 *
 * @example
 * clauseWitness([signature], 1); // the second clause
 */
export function clauseWitness(parameters: readonly Uint8Array[], clause: number): Uint8Array[] {
  return [...parameters, int64Bytes(BigInt(clause))];
}
