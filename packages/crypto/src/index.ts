export { ripemd160, sha256, sha512 } from "./digest.ts";
export { createVerifier, nobleSignatures, type Verifier } from "./ed25519-rule.ts";
export { CryptoError, type CryptoErrorCode } from "./error.ts";
export { createSha3, sha3, sha3Backend, sha3Backends, sha3Concat, useSha3Backend } from "./sha3.ts";
export type { Sha3Backend, Sha3Stream } from "./sha3-backend.ts";
export type { SignatureBackend } from "./signature-backend.ts";
export {
  signatureBackend,
  signatureBackends,
  useSignatureBackend,
  verify,
} from "./verify.ts";
