/** Signatures of some validators over one message. */
export interface SignaturePart {
  /** Ascending indexes. */
  readonly signers: readonly number[];
  readonly signature: Uint8Array;
}

/** The signers of one message among several. */
export interface MessageGroup {
  readonly signers: readonly number[];
  readonly message: Uint8Array;
}

/** One validator's signature of a message that all the others signed too. */
export interface SingleSignature {
  readonly signer: number;
  readonly signature: Uint8Array;
}

/**
 * How votes are signed and combined. Everything is synchronous; verification is an effect of the
 * core, and it is the host that decides whether the effect runs here, in a worker or elsewhere.
 *
 * All `verify…` functions give false for malformed keys and signatures; none throws on them.
 *
 * @see spec 90-bbft, section 7.2 "Scheme interface"
 */
export interface SignatureScheme {
  readonly id: number;
  readonly name: string;
  /** Is a combined signature as short as a single one? */
  readonly aggregatable: boolean;
  /** Does signing need more than one round? */
  readonly interactive: boolean;
  readonly publicKeyLength: number;
  /** Of one signer, bytes. */
  readonly signatureLength: number;
  /** Length of the combined signature of `count` signers, bytes. */
  combinedLength(count: number): number;
  publicKey(secret: Uint8Array): Uint8Array;
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** Empty where the scheme needs no proof. */
  provePossession(secret: Uint8Array): Uint8Array;
  verifyPossession(publicKey: Uint8Array, proof: Uint8Array): boolean;
  /**
   * One signature from the valid signatures of disjoint signer sets.
   *
   * @throws {@link BbftError} `signature` when a part is malformed
   */
  combine(parts: readonly SignaturePart[]): Uint8Array;
  verifyCombined(
    publicKeys: readonly Uint8Array[],
    signers: readonly number[],
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean;
  /** A combined signature over distinct messages: a timeout certificate. */
  verifyMany(
    groups: readonly MessageGroup[],
    publicKeys: readonly Uint8Array[],
    signature: Uint8Array,
  ): boolean;
  /**
   * Single votes of one message, checked together where that is cheaper.
   *
   * @returns positions in `votes` of those that are not valid, each by itself
   */
  findInvalid(
    publicKeys: readonly Uint8Array[],
    message: Uint8Array,
    votes: readonly SingleSignature[],
  ): number[];
}
