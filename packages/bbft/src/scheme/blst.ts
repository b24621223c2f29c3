/**
 * Scheme 2 on the native blst library, some forty times faster than the TypeScript one. The module
 * is handed in, so that nothing of ours depends on it:
 * `createBlst(await import("@chainsafe/blst"))`.
 *
 * @see spec 90-bbft, section 7.1 "Choice"
 */
import { keyOf } from "../bytes.ts";
import { BbftError } from "../error.ts";
import { createBls12381 } from "./bls12-381.ts";
import type { SignatureScheme, SingleSignature } from "./scheme.ts";

/** The part of `@chainsafe/blst` 2.x that is used. */
export interface BlstModule<PublicKey, Signature extends BlstSignature> {
  readonly SecretKey: {
    fromBytes(bytes: Uint8Array): {
      sign(message: Uint8Array): Signature;
      toPublicKey(): PublicKey;
    };
  };
  readonly PublicKey: { fromBytes(bytes: Uint8Array, validate?: boolean): PublicKey };
  readonly Signature: { fromBytes(bytes: Uint8Array, validate?: boolean): Signature };
  aggregateSignatures(signatures: Signature[], groupCheck?: boolean): Signature;
  aggregatePublicKeys(keys: PublicKey[], validate?: boolean): PublicKey;
  aggregateWithRandomness(sets: { pk: PublicKey; sig: Uint8Array }[]): {
    pk: PublicKey;
    sig: Signature;
  };
  verify(message: Uint8Array, key: PublicKey, signature: Signature): boolean;
  aggregateVerify(messages: Uint8Array[], keys: PublicKey[], signature: Signature): boolean;
}

export interface BlstSignature {
  toBytes(): Uint8Array;
}

const KEY_CACHE = 8192;

/** The BLS scheme with native arithmetic; the same bytes and verdicts as {@link createBls12381}. */
export function createBlst<PublicKey, Signature extends BlstSignature>(
  blst: BlstModule<PublicKey, Signature>,
): SignatureScheme {
  const portable = createBls12381();
  const keys = new Map<string, PublicKey>();

  const keyOfValidator = (encoded: Uint8Array | undefined): PublicKey | undefined => {
    if (encoded?.length !== 48) return undefined;
    const id = keyOf(encoded);
    const known = keys.get(id);
    if (known !== undefined) return known;
    const key = attempt(() => blst.PublicKey.fromBytes(encoded, true));
    if (key === undefined) return undefined;
    if (keys.size >= KEY_CACHE) keys.clear();
    keys.set(id, key);
    return key;
  };
  const readSignature = (encoded: Uint8Array): Signature | undefined =>
    encoded.length === 96 ? attempt(() => blst.Signature.fromBytes(encoded, true)) : undefined;
  const sumOfKeys = (
    publicKeys: readonly Uint8Array[],
    signers: readonly number[],
  ): PublicKey | undefined => {
    const found: PublicKey[] = [];
    for (const signer of signers) {
      const key = keyOfValidator(publicKeys[signer]);
      if (key === undefined) return undefined;
      found.push(key);
    }
    return found.length === 0 ? undefined : attempt(() => blst.aggregatePublicKeys(found, false));
  };
  const verifyCombined: SignatureScheme["verifyCombined"] = (
    publicKeys,
    signers,
    message,
    encoded,
  ) => {
    const [key, signature] = [sumOfKeys(publicKeys, signers), readSignature(encoded)];
    if (key === undefined || signature === undefined) return false;
    return attempt(() => blst.verify(message, key, signature)) ?? false;
  };
  const areAllValid = (
    publicKeys: readonly Uint8Array[],
    message: Uint8Array,
    votes: readonly SingleSignature[],
  ): boolean => {
    const sets = votes.flatMap(({ signer, signature }) => {
      const pk = keyOfValidator(publicKeys[signer]);
      return pk === undefined ? [] : [{ pk, sig: signature }];
    });
    if (sets.length !== votes.length) return false;
    return (
      attempt(() => {
        const { pk, sig } = blst.aggregateWithRandomness(sets);
        return blst.verify(message, pk, sig);
      }) ?? false
    );
  };
  const findInvalid: SignatureScheme["findInvalid"] = (publicKeys, message, votes) => {
    const search = (from: number, to: number): number[] => {
      if (from === to) return [];
      if (to - from === 1) {
        const vote = votes[from];
        const key = publicKeys[vote?.signer ?? -1];
        const isValid =
          vote !== undefined &&
          key !== undefined &&
          verifyCombined([key], [0], message, vote.signature);
        return isValid ? [] : [from];
      }
      if (areAllValid(publicKeys, message, votes.slice(from, to))) return [];
      const middle = (from + to) >> 1;
      return [...search(from, middle), ...search(middle, to)];
    };
    return search(0, votes.length);
  };

  return {
    ...portable,
    name: "bls12-381 (blst)",
    sign: (secret, message) => blst.SecretKey.fromBytes(secret).sign(message).toBytes(),
    verify: (publicKey, message, signature) => verifyCombined([publicKey], [0], message, signature),
    combine(parts) {
      const signatures = parts.map(({ signature }) => {
        const point = readSignature(signature);
        if (point === undefined) throw new BbftError("signature", { found: signature.length });
        return point;
      });
      return blst.aggregateSignatures(signatures, false).toBytes();
    },
    verifyCombined,
    verifyMany(groups, publicKeys, encoded) {
      const signature = readSignature(encoded);
      const sums = groups.map(({ signers }) => sumOfKeys(publicKeys, signers));
      const present = sums.filter((key) => key !== undefined);
      if (signature === undefined || groups.length === 0 || present.length !== sums.length)
        return false;
      const messages = groups.map(({ message }) => message);
      return attempt(() => blst.aggregateVerify(messages, present, signature)) ?? false;
    },
    findInvalid,
  };
}

/** What the native library refuses it throws; here that is a plain "no". */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
