/// <reference types="node" />
/**
 * Who is at the other end: nonce and HELLO from each side.
 *
 * A HELLO is signed over both nonces and the listener's key. Without the key a peer could dial
 * somebody with the HELLO that was meant for itself.
 *
 * @see spec 90-bbft, section 16 item 2
 */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { concat, Reader, sameBytes, u8, u16, u32, u64 } from "../../bytes.ts";
import type { SignatureScheme } from "../../scheme/scheme.ts";
import { hash, SIGN_KIND, signBytes } from "../../signing.ts";
import { frameOf } from "../frames.ts";

const VERSION = 1;
const NONCE = 32;
const SIGNATURE = 64;

/** Bytes of a HELLO: more than that nobody has to say who has proven no key. */
export const HELLO_LENGTH: number = 8 + 32 + 2 + 4 + 1 + 32 + SIGNATURE;

export interface HandshakeOptions {
  readonly chainId: Uint8Array;
  readonly idKey: Uint8Array;
  /** What HELLO states about the own set; 0 and zeros where it is not known yet. */
  readonly epoch: bigint;
  readonly valsetHash: Uint8Array;
  readonly index: number;
  readonly identity: Pick<SignatureScheme, "verify">;
  identitySign(bytes: Uint8Array): Promise<Uint8Array>;
  /** May who proves this key connect? */
  isPeer(idKey: Uint8Array): boolean;
}

/** One side of one connection; whoever proves no known key is cut off. */
export class Handshake {
  readonly #options: HandshakeOptions;
  readonly #socket: Pick<Socket, "write" | "destroy">;
  readonly #dialed: Uint8Array | undefined;
  readonly #nonce: Uint8Array = new Uint8Array(randomBytes(NONCE));
  #binding: Uint8Array | undefined;
  #greeted: Promise<void> = Promise.resolve();

  /** @param dialed the key that must answer; undefined for who listens */
  constructor(
    options: HandshakeOptions,
    socket: Pick<Socket, "write" | "destroy">,
    dialed: Uint8Array | undefined,
  ) {
    this.#options = options;
    this.#socket = socket;
    this.#dialed = dialed;
  }

  /** Settles when the own HELLO is on its way; asked for when the peer is proven. */
  get greeted(): Promise<void> {
    return this.#greeted;
  }

  start(): void {
    this.#socket.write(frameOf(this.#nonce));
  }

  /** @returns the identity key of the peer once it is proven */
  onFrame(frame: Uint8Array): Uint8Array | undefined {
    if (this.#binding === undefined) {
      this.#onNonce(frame);
      return undefined;
    }
    const peer = this.#provenBy(frame, this.#binding);
    if (peer === undefined) this.#socket.destroy();
    return peer;
  }

  #onNonce(theirs: Uint8Array): void {
    if (theirs.length !== NONCE) {
      this.#socket.destroy();
      return;
    }
    const binding =
      this.#dialed === undefined
        ? concat(theirs, this.#nonce, this.#options.idKey)
        : concat(this.#nonce, theirs, this.#dialed);
    this.#binding = hash(binding);
    this.#greeted = this.#greet(this.#binding);
    this.#greeted.catch(() => this.#socket.destroy());
  }

  async #greet(binding: Uint8Array): Promise<void> {
    const { epoch, valsetHash, index, idKey, chainId } = this.#options;
    const stated = concat(u64(epoch), valsetHash, u16(index & 0xffff), u32(VERSION), u8(0), idKey);
    const bytes = signBytes(SIGN_KIND.HELLO, chainId, concat(stated, binding));
    this.#socket.write(frameOf(concat(stated, await this.#options.identitySign(bytes))));
  }

  /** The identity key that a HELLO proves, if it is the one that was dialed or one of the peers'. */
  #provenBy(frame: Uint8Array, binding: Uint8Array): Uint8Array | undefined {
    const { chainId, identity } = this.#options;
    if (frame.length !== HELLO_LENGTH) return undefined;
    const stated = frame.subarray(0, HELLO_LENGTH - SIGNATURE);
    const reader = new Reader(stated);
    reader.take(8 + 32 + 2);
    const version = reader.u32();
    reader.u8();
    const key = reader.take(32);
    if (version !== VERSION || !this.#options.isPeer(key)) return undefined;
    if (this.#dialed !== undefined && !sameBytes(key, this.#dialed)) return undefined;
    const bytes = signBytes(SIGN_KIND.HELLO, chainId, concat(stated, binding));
    const signature = frame.subarray(HELLO_LENGTH - SIGNATURE);
    return identity.verify(key, bytes, signature) ? key : undefined;
  }
}
