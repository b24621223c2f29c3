/**
 * One way to check ed25519 signatures, as its library does it. What it must get right is the
 * cofactorless equation for ordinary points (see {@link createVerifier}); everything that libraries
 * disagree about is kept from it.
 */
export interface SignatureBackend {
  /** `sodium-native`, `node-crypto`, `libsodium`, `noble`: for logs and benches. */
  readonly name: string;
  /** File that another thread of this program can load the library from, where there is one. */
  readonly file?: string | undefined;
  /**
   * May throw; then the exact rule answers.
   *
   * @param signature 64 bytes, R then S (little-endian), S < L
   * @param publicKey 32 bytes
   */
  verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
}
