/// <reference types="node" />
/**
 * Messages over TCP. Each side proves its identity key with a signed HELLO over both sides' nonces;
 * what follows is protected by signed envelopes, not by encryption.
 *
 * Of two nodes the one with the lower key dials. Frames are u32 length and bytes.
 *
 * @see spec 90-bbft, section 16 item 2
 */
import { randomBytes } from "node:crypto";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { compareBytes, concat, keyOf, Reader, sameBytes, u8, u16, u32, u64 } from "../bytes.ts";
import type { Transport } from "../host/interfaces.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { hash, SIGN_KIND, signBytes } from "../signing.ts";
import { frameOf, readFrames } from "./frames.ts";

const VERSION = 1;
const NONCE = 32;
const HELLO_LENGTH = 8 + 32 + 2 + 4 + 1 + 32 + 64;
const MAX_FRAME = 8 * 1024 * 1024 + 4096;
/** A peer that reads too slowly loses messages above this, bytes. */
const MAX_BACKLOG = 32 * 1024 * 1024;
const HANDSHAKE_MS = 5000;
/** A peer that died comes back at any time, and nothing but dialing tells. */
const REDIAL_MS = 250;
const MAX_REDIAL_MS = 1000;
const PING = 0x1e;
const PONG = 0x1f;
const DATA = 0x00;
const PING_MS = 2000;

export interface TcpPeer {
  readonly idKey: Uint8Array;
  readonly host: string;
  readonly port: number;
}

export interface TcpOptions {
  readonly chainId: Uint8Array;
  readonly idKey: Uint8Array;
  /** What HELLO states about the own set; 0 and zeros where it is not known yet. */
  readonly epoch: bigint;
  readonly valsetHash: Uint8Array;
  readonly index: number;
  readonly host?: string | undefined;
  /** 0 chooses a free one. */
  readonly port: number;
  /** All that may connect, and where those with a higher key are dialed. */
  readonly peers: readonly TcpPeer[];
  readonly identity: Pick<SignatureScheme, "verify">;
  identitySign(bytes: Uint8Array): Promise<Uint8Array>;
}

interface Link {
  readonly socket: Socket;
  rttUs: number | undefined;
  pingedAt: bigint;
}

/** A listening TCP transport. */
export interface TcpTransport extends Transport {
  readonly port: number;
  /** Identity keys of the peers connected now. */
  connected(): Uint8Array[];
}

/** Listens, dials, and keeps dialing. */
export async function listenTcp(options: TcpOptions): Promise<TcpTransport> {
  const links = new Map<string, Link>();
  const dialTimers = new Set<NodeJS.Timeout>();
  const sockets = new Set<Socket>();
  let receive: (from: Uint8Array, bytes: Uint8Array) => void = () => {};
  let connected: (peer: Uint8Array) => void = () => {};
  let isClosed = false;

  const adopt = (
    socket: Socket,
    onEnd: (wasProven: boolean) => void,
    isDialer: boolean,
    expected?: Uint8Array,
  ): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    const handshake = createHandshake(options, socket, isDialer, expected);
    let peer: Uint8Array | undefined;
    let link: Link | undefined;
    const timer = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(timer);
      sockets.delete(socket);
      if (peer !== undefined && links.get(keyOf(peer)) === link) links.delete(keyOf(peer));
      onEnd(peer !== undefined);
    });
    readFrames(
      socket,
      MAX_FRAME,
      (frame) => {
        if (peer === undefined) {
          handshake.onFrame(frame, (proven) => {
            clearTimeout(timer);
            peer = proven;
            link = { socket, rttUs: undefined, pingedAt: 0n };
            open(proven, link, handshake.greeted);
          });
          return;
        }
        onData(peer, link, frame);
      },
      () => socket.destroy(),
    );
    handshake.start();
  };

  /** Lets messages out, but not before the own HELLO: they would be taken for it. */
  const open = (peer: Uint8Array, link: Link, greeted: Promise<void>): void => {
    greeted.then(
      () => {
        if (link.socket.destroyed) return;
        // A restarted peer may be back before its old connection is known to be dead.
        links.get(keyOf(peer))?.socket.destroy();
        links.set(keyOf(peer), link);
        connected(peer);
      },
      () => link.socket.destroy(),
    );
  };

  const onData = (peer: Uint8Array, link: Link | undefined, frame: Uint8Array): void => {
    const [type] = frame;
    if (type === DATA) receive(peer, frame.subarray(1));
    else if (type === PING)
      link?.socket.write(frameOf(Uint8Array.from([PONG, ...frame.subarray(1)])));
    else if (type === PONG && link !== undefined && link.pingedAt > 0n) {
      link.rttUs = Number((process.hrtime.bigint() - link.pingedAt) / 1000n);
      link.pingedAt = 0n;
    } else link?.socket.destroy();
  };

  const dial = (peer: TcpPeer, delay: number): void => {
    if (isClosed) return;
    const socket = createConnection({ host: peer.host, port: peer.port });
    const again = (wasProven: boolean): void => {
      const wait = wasProven ? REDIAL_MS : delay;
      const timer = setTimeout(() => {
        dialTimers.delete(timer);
        dial(peer, Math.min(MAX_REDIAL_MS, wait * 2));
      }, wait);
      timer.unref();
      dialTimers.add(timer);
    };
    adopt(socket, again, true, peer.idKey);
  };

  const server = createServer((socket) => adopt(socket, () => {}, false));
  await listening(server, options.port, options.host ?? "127.0.0.1");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  for (const peer of options.peers)
    if (compareBytes(options.idKey, peer.idKey) < 0) dial(peer, REDIAL_MS);

  const pinger = setInterval(() => {
    for (const link of links.values()) {
      link.pingedAt = process.hrtime.bigint();
      link.socket.write(frameOf(concat(u8(PING), u64(link.pingedAt & 0xffffffffffffffffn))));
    }
  }, PING_MS);
  pinger.unref();

  return {
    isAuthenticated: false,
    port,
    connected: () =>
      options.peers.map(({ idKey }) => idKey).filter((idKey) => links.has(keyOf(idKey))),
    send(to, bytes) {
      const socket = links.get(keyOf(to))?.socket;
      if (socket === undefined || socket.writableLength > MAX_BACKLOG) return;
      socket.write(frameOf(concat(u8(DATA), bytes)));
    },
    onMessage(callback) {
      receive = callback;
    },
    onConnect(callback) {
      connected = callback;
      for (const { idKey } of options.peers) if (links.has(keyOf(idKey))) callback(idKey);
    },
    rtt: (to) => links.get(keyOf(to))?.rttUs,
    async close() {
      isClosed = true;
      clearInterval(pinger);
      for (const timer of dialTimers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Nonce and HELLO from each side; whoever proves no known key is cut off. */
function createHandshake(
  options: TcpOptions,
  socket: Socket,
  isDialer: boolean,
  expected: Uint8Array | undefined,
): {
  start(): void;
  onFrame(frame: Uint8Array, then: (peer: Uint8Array) => void): void;
  /** Settles when the own HELLO is on its way. */
  readonly greeted: Promise<void>;
} {
  let greet: (hello: Promise<void>) => void = () => {};
  const greeted = new Promise<void>((resolve) => {
    greet = resolve;
  });
  const own = new Uint8Array(randomBytes(NONCE));
  let theirs: Uint8Array | undefined;
  const binding = (): Uint8Array => {
    const other = theirs ?? new Uint8Array(NONCE);
    return hash(isDialer ? concat(own, other) : concat(other, own));
  };
  const sendHello = async (): Promise<void> => {
    const { epoch, valsetHash, index, idKey, chainId } = options;
    const stated = concat(u64(epoch), valsetHash, u16(index & 0xffff), u32(VERSION), u8(0), idKey);
    const bytes = signBytes(SIGN_KIND.HELLO, chainId, concat(stated, binding()));
    socket.write(frameOf(concat(stated, await options.identitySign(bytes))));
  };
  return {
    greeted,
    start: () => void socket.write(frameOf(own)),
    onFrame(frame, then) {
      if (theirs === undefined) {
        if (frame.length !== NONCE) {
          socket.destroy();
          return;
        }
        theirs = frame;
        const hello = sendHello();
        hello.catch(() => socket.destroy());
        greet(hello);
        return;
      }
      const peer = readHello(options, frame, binding());
      if (peer === undefined || (expected !== undefined && !sameBytes(peer, expected))) {
        socket.destroy();
        return;
      }
      then(peer);
    },
  };
}

/** The identity key that a HELLO proves, if it is one of the peers'. */
function readHello(
  { chainId, peers, identity }: TcpOptions,
  frame: Uint8Array,
  binding: Uint8Array,
): Uint8Array | undefined {
  if (frame.length !== HELLO_LENGTH) return undefined;
  const stated = frame.subarray(0, HELLO_LENGTH - 64);
  const reader = new Reader(stated);
  reader.take(8 + 32 + 2);
  const version = reader.u32();
  reader.u8();
  const idKey = reader.take(32);
  const isKnown = peers.some((peer) => sameBytes(peer.idKey, idKey));
  const bytes = signBytes(SIGN_KIND.HELLO, chainId, concat(stated, binding));
  const signature = frame.subarray(HELLO_LENGTH - 64);
  return version === VERSION && isKnown && identity.verify(idKey, bytes, signature)
    ? idKey
    : undefined;
}
