/** TCP among hostile peers. */
import { EventEmitter, once } from "node:events";
import { type AddressInfo, createConnection, createServer, Server, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { concat, u8, u64 } from "../src/bytes.ts";
import { frameOf, readFrames } from "../src/node/frames.ts";
import { listenTcp } from "../src/node/index.ts";
import { Link } from "../src/node/tcp/link.ts";
import { chainId, secretOf } from "./helpers.ts";
import { keys, scheme } from "./host-helpers.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Validators by their keys, lowest first: the lower one dials. */
const ascending = keys
  .map((key, index) => ({ key, secret: secretOf(index) }))
  .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));

function listen(own: number, peers: readonly { readonly index: number; readonly port: number }[]) {
  const { key, secret } = ascending[own] ?? { key: chainId, secret: chainId };
  return listenTcp({
    ...{ chainId, idKey: key, epoch: 0n, valsetHash: chainId, index: own, port: 0 },
    peers: peers.map(({ index, port }) => ({
      idKey: ascending[index]?.key ?? chainId,
      host: "127.0.0.1",
      port,
    })),
    identity: scheme,
    identitySign: async (bytes) => scheme.sign(secret, bytes),
  });
}

it("a peer cannot pass on the greeting it was given and be taken for who gave it", async () => {
  const victim = await listen(1, [{ index: 0, port: 1 }]);
  let tell: (outcome: string) => void = () => {};
  const outcome = new Promise<string>((resolve) => {
    tell = resolve;
  });
  victim.onConnect?.(() => tell("taken for another"));
  // What the lowest validator says to the highest is said to the victim instead.
  const relay = createServer((fromDialer) => {
    const toVictim = createConnection({ host: "127.0.0.1", port: victim.port });
    toVictim.on("close", () => tell("refused"));
    fromDialer.on("data", (bytes) => toVictim.write(bytes));
    toVictim.once("data", (nonce: Buffer) => fromDialer.write(nonce.subarray(0, 36)));
    for (const socket of [fromDialer, toVictim]) socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const { port } = relay.address() as AddressInfo;
  const dialer = await listen(0, [{ index: 2, port }]);
  expect(await outcome).toBe("refused");
  await Promise.all([dialer.close(), victim.close()]);
  relay.close();
});

describe("who has proven no key", () => {
  it("cannot announce more than a greeting", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const transport = await listen(0, []);
    const stranger = createConnection({ host: "127.0.0.1", port: transport.port });
    stranger.on("error", () => {}).resume();
    stranger.write(Uint8Array.of(0, 1, 0, 0));
    await once(stranger, "close");
    await transport.close();
  });

  it("makes room for others when there are many of its kind", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const transport = await listen(0, []);
    const dial = async (): Promise<Socket> => {
      const socket = createConnection({ host: "127.0.0.1", port: transport.port });
      socket.on("error", () => {});
      await once(socket, "data");
      return socket;
    };
    const first = await dial();
    const isCutOff = once(first, "close");
    let last = first;
    for (let count = 0; count < 64; count++) last = await dial();
    await isCutOff;
    expect(last.destroyed).toBe(false);
    await transport.close();
  });
});

it("goes on when the system cannot take a connection in", async () => {
  const spied = vi.spyOn(Server.prototype, "listen");
  const transport = await listen(0, []);
  const [server] = spied.mock.contexts as Server[];
  for (let count = 0; count < 2; count++) server?.emit("error", new Error("ENFILE"));
  const socket = createConnection({ host: "127.0.0.1", port: transport.port });
  await once(socket, "data");
  await transport.close();
});

it("frames keep nothing of the chunks that they came in", () => {
  const socket = new EventEmitter() as Socket;
  const frames: number[][] = [];
  readFrames(
    socket,
    () => 10,
    (frame) => frames.push([...frame]),
    () => expect.unreachable(),
  );
  for (const byte of [0, 0, 0, 3, 7, 8, 9, 0, 0, 0, 1, 5]) {
    const chunk = Buffer.of(byte);
    socket.emit("data", chunk);
    chunk.fill(0xff);
  }
  expect(frames).toEqual([[7, 8, 9], [5]]);
});

it("frames come whole and in order, however they are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 10 }),
      (sent, cuts) => {
        const socket = new EventEmitter() as Socket;
        const got: Uint8Array[] = [];
        const unreachable = () => expect.unreachable();
        readFrames(
          socket,
          () => 300,
          (frame) => got.push(frame),
          unreachable,
        );
        const stream = Buffer.from(concat(...sent.map(frameOf)));
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const end = at + (cuts[turn % cuts.length] ?? 1);
          socket.emit("data", stream.subarray(at, end));
          at = end;
        }
        expect(got).toEqual(sent);
      },
    ),
  );
});

describe("a link", () => {
  const PING = 0x1e;
  const PONG = 0x1f;

  /** A socket whose other side reads nothing once it `isStuck`. */
  function createSocket() {
    const written: Uint8Array[] = [];
    const socket = {
      written,
      isStuck: false,
      isDestroyed: false,
      get writableLength(): number {
        return socket.isStuck ? written.reduce((sum, { length }) => sum + length, 0) : 0;
      },
      write(bytes: Uint8Array): boolean {
        written.push(bytes);
        return !socket.isStuck;
      },
      destroy(): void {
        socket.isDestroyed = true;
      },
    };
    return { socket, link: new Link(socket as unknown as Socket) };
  }

  it("answers a ping with its number", () => {
    const { socket, link } = createSocket();
    expect(link.receive(concat(u8(PING), u64(7n)))).toBeUndefined();
    expect(socket.written).toEqual([frameOf(concat(u8(PONG), u64(7n)))]);
  });

  it("keeps few answers for a peer that pings and reads none", () => {
    const { socket, link } = createSocket();
    socket.isStuck = true;
    for (let count = 0; count < 10_000; count++) link.receive(concat(u8(PING), u64(7n)));
    expect(socket.writableLength).toBeLessThan(100_000);
    expect(socket.isDestroyed).toBe(false);
  });

  it.each([
    ["a long ping", concat(u8(PING), new Uint8Array(1000))],
    ["a short answer", Uint8Array.of(PONG)],
    ["nothing", new Uint8Array(0)],
    ["a type that is none", Uint8Array.of(9)],
  ])("ends with %s", (_name, frame) => {
    const { socket, link } = createSocket();
    expect(link.receive(frame)).toBeUndefined();
    expect(socket.isDestroyed).toBe(true);
    expect(socket.written).toEqual([]);
  });

  it("measures a round trip by the answer to its own ping only", () => {
    const { socket, link } = createSocket();
    const now = vi.spyOn(process.hrtime, "bigint").mockReturnValue(5_000_000n);
    link.ping();
    now.mockReturnValue(7_000_000n);
    link.receive(concat(u8(PONG), u64(6_000_000n)));
    expect(link.rttUs).toBeUndefined();
    link.receive(concat(u8(PONG), u64(5_000_000n)));
    expect([link.rttUs, socket.isDestroyed]).toEqual([2000, false]);
  });

  it("ends when the peer has been silent for several pings, and not before", () => {
    const { socket, link } = createSocket();
    for (let count = 0; count < 5; count++) link.ping();
    link.heard();
    for (let count = 0; count < 5; count++) link.ping();
    expect(socket.isDestroyed).toBe(false);
    link.ping();
    expect(socket.isDestroyed).toBe(true);
  });
});

describe("who may connect changes with the validators", () => {
  const at = (index: number, port: number) => ({
    idKey: ascending[index]?.key ?? chainId,
    host: "127.0.0.1",
    port,
  });
  async function until(isDone: () => boolean): Promise<void> {
    const end = Date.now() + 10_000;
    while (!isDone()) {
      if (Date.now() > end) throw new Error("waited in vain");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  const namesOf = (transport: { connected(): Uint8Array[] }): number[] =>
    transport
      .connected()
      .map((key) => ascending.findIndex((one) => Buffer.compare(one.key, key) === 0))
      .sort();

  it("one that joins is dialed and let in, one that leaves is cut off and kept out", async () => {
    const [low, middle, high] = await Promise.all([listen(0, []), listen(1, []), listen(2, [])]);
    middle.setPeers([at(0, low.port), at(2, high.port)]);
    low.setPeers([at(1, middle.port)]);
    high.setPeers([at(1, middle.port)]);
    await until(() => namesOf(middle).length === 2);
    expect([namesOf(low), namesOf(high)]).toEqual([[1], [1]]);

    middle.setPeers([at(0, low.port)]);
    await until(() => namesOf(high).length === 0);
    expect(namesOf(middle)).toEqual([0]);
    // It is still dialed by nobody, and who dials it is refused.
    low.setPeers([at(1, middle.port), at(2, high.port)]);
    high.setPeers([at(0, low.port), at(1, middle.port)]);
    await until(() => namesOf(low).length === 2);
    expect([namesOf(middle), namesOf(high)]).toEqual([[0], [0]]);
    await Promise.all([low.close(), middle.close(), high.close()]);
  });

  it("one that moves is dialed where it is now", async () => {
    const low = await listen(0, []);
    const old = await listen(1, [{ index: 0, port: low.port }]);
    low.setPeers([at(1, old.port)]);
    await until(() => namesOf(low).length === 1);
    await old.close();
    const moved = await listen(1, [{ index: 0, port: low.port }]);
    low.setPeers([at(1, moved.port)]);
    await until(() => namesOf(moved).length === 1);
    expect(namesOf(low)).toEqual([1]);
    await Promise.all([low.close(), moved.close()]);
  });
});
