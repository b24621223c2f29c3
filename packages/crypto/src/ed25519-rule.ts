/**
 * The chain's ed25519 acceptance rule over a fast library.
 *
 * Libraries differ from the rule, and from version to version, in what they do with S >= L,
 * with encodings of y >= p and with points whose order divides 8, be they key or R. None of these
 * reaches the library. For what remains, the rule and the library compute the same:
 *
 * - S: reduced modulo L before, which changes nothing because B has order L.
 * - Key: y < p and x != 0 (x = 0 only occurs at y = 1 and y = -1, of order 1 and 2), so there is
 *   one way to decode it. Where it has no x, both reject. Keys with a torsion component do reach
 *   the library: they cannot be told without arithmetic.
 * - h: SHA-512 of the bytes as given, modulo L, in both.
 * - R: canonical, so equality of encodings (the rule, OpenSSL) and of points (libsodium) are the same;
 *   where it is no point, neither accepts.
 * - The equation: R = S*B - h*A without the cofactor. Whether the library's is cofactored shows in
 *   R - (S*B - h*A) being one of the seven other torsion points, all of which are probed.
 *
 * A library that throws is answered for by the exact rule.
 *
 * @see spec 03-speed-facts, section 2a "The reference's ed25519 rule, and how to reach it fast"
 */
import { isCanonicalY, isSmallOrderY, withReducedS } from "./ed25519-encoding.ts";
import { KEY_LENGTH, SIGNATURE_LENGTH, verifyExact } from "./ed25519-exact.ts";
import { isCofactorless } from "./ed25519-probes.ts";
import { CryptoError } from "./error.ts";
import type { SignatureBackend } from "./signature-backend.ts";

/**
 * Is `signature` one of `message` by `publicKey`? Never throws on bytes; those of a wrong length are
 * not a signature, or not a key.
 */
export type Verifier = (
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
) => boolean;

/** The exact rule itself as a backend: several times slower than the others, and everywhere. */
export const nobleSignatures: SignatureBackend = { name: "noble", verify: verifyExact };

/**
 * The chain's rule, computed by `backend` where that gives the same verdict and exactly elsewhere.
 *
 * @throws {@link CryptoError} `backend-disagrees`: its equation is not the rule's
 */
export function createVerifier(backend: SignatureBackend): Verifier {
  if (backend === nobleSignatures) return verifyExact;
  if (!isCofactorless(backend)) throw new CryptoError("backend-disagrees", backend.name);
  return (message, signature, publicKey) => {
    if (publicKey.length !== KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
    if (((signature[63] ?? 0) & 0xe0) !== 0 || !isCanonicalY(signature)) return false;
    if (!isCanonicalY(publicKey) || isSmallOrderY(publicKey) || isSmallOrderY(signature))
      return verifyExact(message, signature, publicKey);
    try {
      return backend.verify(message, withReducedS(signature), publicKey);
    } catch {
      return verifyExact(message, signature, publicKey);
    }
  };
}
