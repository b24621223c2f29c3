import {
  type Context,
  checkOutputAmong,
  type Destination,
  type Execution,
  execute,
} from "@bystack/bvm";
import { ed25519 } from "@noble/curves/ed25519.js";

/** An asset id that is easy to tell from others. */
export const asset = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** The signature hash of every transaction here. */
const signatureHash: Uint8Array = new Uint8Array(32).fill(0x5a);

/** A key pair made of one byte. */
export function keyPair(byte: number): { publicKey: Uint8Array; signature: Uint8Array } {
  const secret = new Uint8Array(32).fill(byte);
  return {
    publicKey: ed25519.getPublicKey(secret),
    signature: ed25519.sign(signatureHash, secret),
  };
}

/** What a transaction does with the value that a contract locks. */
export interface Spending {
  readonly program: Uint8Array;
  readonly witness: readonly Uint8Array[];
  readonly amount?: bigint;
  readonly assetId?: Uint8Array;
  readonly blockHeight?: bigint;
  readonly outputs?: readonly Destination[];
}

export function output(amount: bigint, assetId: Uint8Array, program: Uint8Array): Destination {
  return { type: "output", amount, assetId, program, vmVersion: 1n };
}

/** Runs the control program as the validation of a transaction does. */
export function spend({
  program,
  witness,
  amount = 1000n,
  assetId = asset(0xaa),
  blockHeight = 100n,
  outputs = [],
}: Spending): Execution {
  const context: Context = {
    vmVersion: 1n,
    txVersion: 1n,
    entryId: new Uint8Array(32),
    spentOutputId: new Uint8Array(32),
    destinationPosition: 0n,
    blockHeight,
    amount,
    assetId,
    signatureHash: () => signatureHash,
    checkOutput: checkOutputAmong(outputs),
  };
  return execute(program, witness, context, 200_000n);
}
