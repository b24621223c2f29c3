import { nodeSignatures } from "./ed25519-node.ts";
import { isCofactorless } from "./ed25519-probes.ts";
import { createVerifier, nobleSignatures, type Verifier } from "./ed25519-rule.ts";
import { nodeCrypto } from "./node-crypto.ts";
import type { SignatureBackend } from "./signature-backend.ts";

let chosen: { readonly backend: SignatureBackend; readonly verify: Verifier } | undefined;

/**
 * Is `signature` (64 bytes) one of `message` by the ed25519 key `publicKey` (32 bytes), as Bytom and
 * Vapor decide it? This is consensus, and no library's own rule: signatures are malleable (S + L is
 * accepted below 2^253), keys of small or mixed order are allowed, and the equation has no cofactor.
 *
 * Never throws on bytes; those of a wrong length give `false`. Not constant-time: for public data.
 *
 * @see spec 03-speed-facts, section 2a "The reference's ed25519 rule, and how to reach it fast"
 */
export function verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  chosen ??= choose();
  return chosen.verify(message, signature, publicKey);
}

/**
 * The backends that this machine has without loading anything, fastest first; noble, the exact rule,
 * is the last. `@bystack/crypto/sodium` loads one for browsers.
 */
export function signatureBackends(): readonly SignatureBackend[] {
  const crypto = nodeCrypto();
  const fast = crypto === undefined ? [] : [nodeSignatures(crypto)];
  return [...fast.filter(isCofactorless), nobleSignatures];
}

/** The backend behind `verify`; chooses one when that has not happened yet. */
export function signatureBackend(): SignatureBackend {
  chosen ??= choose();
  return chosen.backend;
}

/**
 * Puts `backend` behind `verify` in this thread; without one the choice is made anew at the next use.
 *
 * @throws {@link CryptoError} `backend-disagrees`: its equation is not the rule's
 */
export function useSignatureBackend(backend?: SignatureBackend): void {
  chosen = backend && { backend, verify: createVerifier(backend) };
}

function choose(): { backend: SignatureBackend; verify: Verifier } {
  const [backend = nobleSignatures] = signatureBackends();
  return { backend, verify: createVerifier(backend) };
}
