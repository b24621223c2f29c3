/// <reference types="node" />
/**
 * Messages over TCP. Each side proves its identity key; what follows is protected by signed
 * envelopes, not by encryption.
 *
 * Of two nodes the one with the lower key dials. Frames are u32 length and bytes.
 *
 * @see spec 90-bbft, section 16 item 2
 */
import { createConnection, createServer, type Socket } from "node:net";
import { compareBytes, keyOf } from "../../bytes.ts";
import type { Transport } from "../../host/interfaces.ts";
import { readFrames } from "../frames.ts";
import { listening } from "../listening.ts";
import { Handshake, type HandshakeOptions, HELLO_LENGTH } from "./handshake.ts";
import { Link } from "./link.ts";

const MAX_FRAME = 8 * 1024 * 1024 + 4096;
const HANDSHAKE_MS = 5000;
/** Strangers in the middle of a handshake; one more cuts off the oldest. */
const MAX_STRANGERS = 64;
/** A peer that died comes back at any time, and nothing but dialing tells. */
const REDIAL_MS = 250;
const MAX_REDIAL_MS = 1000;
const PING_MS = 2000;

export interface TcpPeer {
  readonly idKey: Uint8Array;
  readonly host: string;
  readonly port: number;
}

export interface TcpOptions extends Omit<HandshakeOptions, "isPeer"> {
  readonly host?: string | undefined;
  /** 0 chooses a free one. */
  readonly port: number;
  /** All that may connect, and where those with a higher key are dialed. */
  readonly peers: readonly TcpPeer[];
}

/** A listening TCP transport. */
export interface TcpTransport extends Transport {
  readonly port: number;
  /** Identity keys of the peers connected now. */
  connected(): Uint8Array[];
  /**
   * Changes who may connect, as the validators of a new epoch do: dials who is new or has moved, and
   * cuts off who is not among them any more.
   */
  setPeers(peers: readonly TcpPeer[]): void;
}

/** Listens, dials, and keeps dialing. */
export async function listenTcp(options: TcpOptions): Promise<TcpTransport> {
  const links = new Map<string, Link>();
  const peers = new Map<string, TcpPeer>();
  const dialTimers = new Set<NodeJS.Timeout>();
  const sockets = new Set<Socket>();
  /** Those that dialed and have proven no key yet, in the order of their coming. */
  const strangers = new Set<Socket>();
  let receive: (from: Uint8Array, bytes: Uint8Array) => void = () => {};
  let onConnect: (peer: Uint8Array) => void = () => {};
  let isClosed = false;

  const isPeer = (idKey: Uint8Array): boolean => peers.has(keyOf(idKey));

  /** @param dialed the key that must answer; undefined where the other side dialed */
  const adopt = (
    socket: Socket,
    dialed: Uint8Array | undefined,
    onEnd: (wasProven: boolean) => void,
  ): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    const handshake = new Handshake({ ...options, isPeer }, socket, dialed);
    let peer: Uint8Array | undefined;
    const link = new Link(socket);
    const timer = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    const endHandshake = (): void => {
      clearTimeout(timer);
      strangers.delete(socket);
    };
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      endHandshake();
      sockets.delete(socket);
      if (peer !== undefined && links.get(keyOf(peer)) === link) links.delete(keyOf(peer));
      onEnd(peer !== undefined);
    });
    socket.on("data", () => link.heard());
    readFrames(
      socket,
      () => (peer === undefined ? HELLO_LENGTH : MAX_FRAME),
      (frame) => {
        if (peer !== undefined) {
          const message = link.receive(frame);
          if (message !== undefined) receive(peer, message);
          return;
        }
        peer = handshake.onFrame(frame);
        if (peer === undefined) return;
        endHandshake();
        open(peer, link, socket, handshake.greeted);
      },
      () => socket.destroy(),
    );
    handshake.start();
  };

  /** Lets messages out, but not before the own HELLO: they would be taken for it. */
  const open = (peer: Uint8Array, link: Link, socket: Socket, greeted: Promise<void>): void => {
    greeted.then(
      () => {
        // It may have left while it was greeted.
        if (!isPeer(peer)) socket.destroy();
        if (socket.destroyed) return;
        // A restarted peer may be back before its old connection is known to be dead.
        links.get(keyOf(peer))?.close();
        links.set(keyOf(peer), link);
        onConnect(peer);
      },
      () => socket.destroy(),
    );
  };

  /** Is it still to be reached there? */
  const isCurrent = (peer: TcpPeer): boolean => peers.get(keyOf(peer.idKey)) === peer;

  const dial = (peer: TcpPeer, delay: number): void => {
    const again = (wasProven: boolean): void => {
      if (isClosed || !isCurrent(peer)) return;
      const wait = wasProven ? REDIAL_MS : delay;
      const timer = setTimeout(() => {
        dialTimers.delete(timer);
        if (isCurrent(peer)) dial(peer, Math.min(MAX_REDIAL_MS, wait * 2));
      }, wait);
      timer.unref();
      dialTimers.add(timer);
    };
    adopt(createConnection({ host: peer.host, port: peer.port }), peer.idKey, again);
  };

  const server = createServer((socket) => {
    strangers.add(socket);
    const [oldest] = strangers;
    if (strangers.size > MAX_STRANGERS) oldest?.destroy();
    adopt(socket, undefined, () => {});
  });
  const port = await listening(server, options.port, options.host ?? "127.0.0.1");
  const setPeers = (next: readonly TcpPeer[]): void => {
    const wanted = new Set(next.map(({ idKey }) => keyOf(idKey)));
    for (const key of [...peers.keys()].filter((one) => !wanted.has(one))) {
      peers.delete(key);
      links.get(key)?.close();
    }
    for (const peer of next) {
      const key = keyOf(peer.idKey);
      const known = peers.get(key);
      if (known?.host === peer.host && known.port === peer.port) continue;
      peers.set(key, peer);
      if (compareBytes(options.idKey, peer.idKey) < 0) dial(peer, REDIAL_MS);
    }
  };
  setPeers(options.peers);

  const pinger = setInterval(() => {
    for (const link of links.values()) link.ping();
  }, PING_MS);
  pinger.unref();

  const connected = (): Uint8Array[] =>
    [...peers].filter(([key]) => links.has(key)).map(([, { idKey }]) => idKey);

  return {
    isAuthenticated: false,
    port,
    connected,
    setPeers,
    send: (to, bytes) => links.get(keyOf(to))?.send(bytes),
    onMessage(callback) {
      receive = callback;
    },
    onConnect(callback) {
      onConnect = callback;
      for (const idKey of connected()) callback(idKey);
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
