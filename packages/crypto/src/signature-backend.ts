/**
 * One way to check ed25519 signatures, as its library does it. What it must get right is the
 * cofactorless equation for ordinary points (see {@link createVerifier}); everything that libraries
 * disagree about is kept from it.
 */
export interface SignatureBackend {
  /** `node-crypto`, `libsodium`, `noble`: for logs and benches. */
  readonly name: string;
  /**
   * May throw; then the exact rule answers.
   *
   * @param signature 64 bytes, R then S (little-endian), S < L
   * @param publicKey 32 bytes
   */
  verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
}
