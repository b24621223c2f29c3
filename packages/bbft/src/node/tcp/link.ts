/// <reference types="node" />
/**
 * A connection to a peer that has proven its key: messages, round trips, and whether the peer is
 * still there.
 */
import type { Socket } from "node:net";
import { concat, Reader, u8, u64 } from "../../bytes.ts";
import { frameOf } from "../frames.ts";

/** A peer that reads too slowly loses messages above this, bytes. */
const MAX_BACKLOG = 32 * 1024 * 1024;
/** The same for answers to its pings, of which it can want any number. */
const MAX_PONG_BACKLOG = 64 * 1024;
/** Pings to which a peer may say nothing at all before it is taken for dead. */
const MAX_UNHEARD_PINGS = 5;

const DATA = 0x00;
const PING = 0x1e;
const PONG = 0x1f;
const PING_LENGTH = 9;

export class Link {
  readonly #socket: Pick<Socket, "write" | "destroy" | "writableLength">;
  #rttUs: number | undefined;
  #pingedAt = 0n;
  #unheardPings = 0;

  constructor(socket: Pick<Socket, "write" | "destroy" | "writableLength">) {
    this.#socket = socket;
  }

  /** Measured round trip in microseconds. */
  get rttUs(): number | undefined {
    return this.#rttUs;
  }

  send(message: Uint8Array): void {
    if (this.#socket.writableLength > MAX_BACKLOG) return;
    this.#socket.write(frameOf(concat(u8(DATA), message)));
  }

  /** To be called at regular intervals. Gives a peer up that has been silent for several. */
  ping(): void {
    if (this.#unheardPings >= MAX_UNHEARD_PINGS) {
      this.close();
      return;
    }
    this.#unheardPings++;
    this.#pingedAt = process.hrtime.bigint();
    this.#socket.write(frameOf(concat(u8(PING), u64(this.#pingedAt))));
  }

  /** Something came from the peer, be it only a part of a frame. */
  heard(): void {
    this.#unheardPings = 0;
  }

  /**
   * Takes a frame in; what is none of ours ends the connection.
   *
   * @returns the message, where it is one
   */
  receive(frame: Uint8Array): Uint8Array | undefined {
    const [type] = frame;
    if (type === DATA) return frame.subarray(1);
    if (frame.length !== PING_LENGTH || (type !== PING && type !== PONG)) this.close();
    else if (type === PONG) this.#onPong(frame);
    else if (this.#socket.writableLength <= MAX_PONG_BACKLOG)
      this.#socket.write(frameOf(concat(u8(PONG), frame.subarray(1))));
    return undefined;
  }

  close(): void {
    this.#socket.destroy();
  }

  #onPong(frame: Uint8Array): void {
    const answered = new Reader(frame.subarray(1)).u64();
    if (answered !== this.#pingedAt || answered === 0n) return;
    this.#rttUs = Number((process.hrtime.bigint() - answered) / 1000n);
    this.#pingedAt = 0n;
  }
}
