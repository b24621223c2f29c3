import { sign } from "node:crypto";
import { mapTransaction, signatureHash, type Transaction } from "@bystack/butxo";
import { p2wpkhProgram, p2wpkhWitness, publicKeyHash } from "@bystack/bvm";
import { btmOutput, type Coin, coinsOf, FEE, spendOf, TRUE, transactionOf } from "./kit.ts";
import { createKey } from "./signed.ts";

/** Signatures that libraries disagree about, but the chain accepts; and one that is plainly wrong. */
export type SignatureKind = "ordinary" | "surplus" | "small-order" | "wrong";

const key = createKey();
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const littleEndian = (value: bigint) =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
/** The neutral point: as a key it makes R = S*B good for every message, as R it belongs to S = 0. */
const NEUTRAL = littleEndian(1n);

/** Locks a coin by a key, and spends it with a signature of that kind. */
export function signedPair(coin: Coin, kind: SignatureKind): Transaction[] {
  const publicKey = kind === "small-order" ? NEUTRAL : key.publicKey;
  const program = p2wpkhProgram(publicKeyHash(publicKey));
  const parent = transactionOf([spendOf(coin)], [btmOutput(coin.amount - FEE, program)]);
  const [locked] = coinsOf(parent);
  if (locked === undefined) throw new Error("nothing to spend");
  const build = (witness: readonly Uint8Array[]) =>
    transactionOf([spendOf(locked, witness)], [btmOutput(locked.amount - FEE, TRUE)]);
  const message = signatureHash(mapTransaction(build([])), 0);
  return [parent, build(p2wpkhWitness(signatureOf(message, kind), publicKey))];
}

function signatureOf(message: Uint8Array, kind: SignatureKind): Uint8Array {
  const signature = Uint8Array.from(sign(null, message, key.privateKey));
  switch (kind) {
    case "ordinary":
      return signature;
    case "surplus": {
      const s = signature.subarray(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
      return Uint8Array.from([...signature.subarray(0, 32), ...littleEndian(s + L)]);
    }
    case "small-order":
      return Uint8Array.from([...NEUTRAL, ...new Uint8Array(32)]);
    case "wrong":
      return signature.map((byte, i) => (i === 3 ? byte ^ 1 : byte));
    default:
      return kind satisfies never;
  }
}
