/** Remembering signatures that were decided before; nothing uses it unless it is asked to. */
import type { Verify } from "./frame.ts";

/** Where verdicts are kept. A `Map` is one, a bounded one is a better one. */
export interface SignatureCache {
  get(key: string): boolean | undefined;
  set(key: string, valid: boolean): unknown;
}

/**
 * A `verify` that asks the cache first. The key consists of everything that decides: message and
 * public key, 32 bytes each, then the signature, one character a byte.
 *
 * @param verify decides what the cache does not know
 * @example
 * execute(program, args, context, limit, { verify: cachedVerify(verify, new Map()) });
 */
export function cachedVerify(verify: Verify, cache: SignatureCache): Verify {
  return (message, signature, publicKey) => {
    // A signature of another length is refused without work, and could make keys ambiguous.
    if (signature.length !== SIGNATURE_LENGTH) return verify(message, signature, publicKey);
    const key = String.fromCharCode(...message, ...publicKey, ...signature);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const valid = verify(message, signature, publicKey);
    cache.set(key, valid);
    return valid;
  };
}

const SIGNATURE_LENGTH = 64;
