import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  BbftError,
  checkSignRequest,
  crc32c,
  createEd25519,
  createMemoryHub,
  createMemoryWal,
  type Decision,
  decodeEnvelope,
  decodeMessage,
  decodeWalRecord,
  encodeEnvelope,
  encodeMessage,
  encodeWalRecord,
  hash,
  type Message,
  type SignRequest,
  type Transport,
  type Wal,
  type WalEntry,
} from "../src/index.ts";
import {
  connectApplication,
  listenTcp,
  openFileWal,
  serveApplication,
  systemClock,
} from "../src/node/index.ts";
import { certificateBy, chainId, electorateOf, secretOf } from "./helpers.ts";
import {
  createContext,
  createNode,
  createTestApplication,
  keys,
  scheme,
  validators,
} from "./host-helpers.ts";

const contextOf = (epoch: bigint) => createContext({ ...validators, epoch });

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function waitFor(isDone: () => boolean, ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  while (!isDone()) {
    if (Date.now() > end) throw new Error("waited in vain");
    await wait(5);
  }
}

/** What every log must do. */
function describeWal(name: string, create: () => Promise<{ wal: Wal; reopen(): Promise<Wal> }>) {
  describe(`write-ahead log, ${name}`, () => {
    const entry = (type: number): WalEntry => ({ type, payload: Uint8Array.of(type, type) });
    const all = async (wal: Wal): Promise<WalEntry[]> => {
      const entries: WalEntry[] = [];
      for await (const one of wal.replay()) entries.push(one);
      return entries;
    };

    it("replays what was appended, also after it was reopened", async () => {
      const { wal, reopen } = await create();
      await wal.append(entry(1), false);
      await wal.append(entry(3), true);
      expect(await all(wal)).toEqual([entry(1), entry(3)]);
      await wal.close();
      const again = await reopen();
      expect(await all(again)).toEqual([entry(1), entry(3)]);
      await again.close();
    });

    it("replaces everything by a truncation and goes on behind it", async () => {
      const { wal } = await create();
      await wal.append(entry(1), true);
      await wal.truncate([entry(5)]);
      await wal.append(entry(4), true);
      expect(await all(wal)).toEqual([entry(5), entry(4)]);
      await wal.close();
    });
  });
}

describeWal("in memory", async () => {
  const wal = createMemoryWal([]);
  return { wal, reopen: async () => wal };
});
const walPath = () => join(mkdtempSync(join(tmpdir(), "bbft-wal-")), "wal");
describeWal("in a file", async () => {
  const path = walPath();
  return { wal: await openFileWal(path), reopen: () => openFileWal(path) };
});

describe("write-ahead log in a file", () => {
  it("cuts off what a crash left behind", async () => {
    const path = walPath();
    const wal = await openFileWal(path);
    await wal.append({ type: 1, payload: Uint8Array.of(7) }, true);
    await wal.close();
    const sound = readFileSync(path);
    for (const tail of [[1], [0, 0, 0, 0, 0, 0, 0, 200, 1], [...sound.subarray(0, -1), 9]]) {
      writeFileSync(path, sound);
      appendFileSync(path, Uint8Array.from(tail));
      const again = await openFileWal(path);
      const entries: WalEntry[] = [];
      for await (const one of again.replay()) entries.push(one);
      expect(entries).toHaveLength(1);
      await again.close();
      expect(readFileSync(path)).toEqual(sound);
    }
  });

  it("names a path that cannot be opened", async () => {
    await expect(openFileWal("/nowhere/at/all")).rejects.toMatchObject({ code: "wal" });
  });

  it("uses CRC-32C", () => {
    expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
  });
});

describe("records", () => {
  const electorate = electorateOf(scheme, [1n, 1n, 1n, 1n]);
  const context = { electorate, scheme };
  const certificate = certificateBy(scheme, 4, [0, 1, 2]);
  const proof = { certificate, appBlockId: chainId, engineHash: chainId };
  const vote = {
    epoch: 0n,
    height: 5n,
    view: 1,
    kind: 1 as const,
    valueId: chainId,
    signer: 2,
    signature: new Uint8Array(64).fill(7),
  };
  const request: SignRequest = { kind: 1, height: 5n, view: 1, step: 2, bytes: Uint8Array.of(1) };
  const state = { ...request, signature: Uint8Array.of(2) };

  it("of signatures and messages come back as they were", () => {
    const message: Message = { type: "vote", vote };
    for (const record of [
      { type: "message", message } as const,
      { type: "sign-state", state, message } as const,
    ])
      expect(decodeWalRecord(encodeWalRecord(record), context)).toEqual(record);
    expect(() => decodeWalRecord({ type: 9, payload: new Uint8Array(0) }, context)).toThrow("wal");
    expect(() => decodeWalRecord({ type: 3, payload: new Uint8Array(4) }, context)).toThrow("wal");
  });

  it("of every message come back as they were, and are as long as was said", async () => {
    const timeout = {
      ...{ epoch: 0n, height: 5n, view: 1, qcViewPlus1: 0, signer: 1 },
      signature: new Uint8Array(64),
      highQc: undefined,
    };
    const body = { appBlockId: chainId, engineData: Uint8Array.of(1), appBlock: Uint8Array.of(2) };
    const wanted = Uint8Array.of(5);
    const messages: Message[] = [
      { type: "vote", vote },
      { type: "timeout", timeout },
      { type: "timeout", timeout: { ...timeout, qcViewPlus1: 2, highQc: certificate } },
      { type: "aggregate", contribution: certificate },
      { type: "certificate", certificate },
      { type: "attach", height: 5n, view: 2 },
      { type: "block-request", height: 5n, valueId: chainId },
      { type: "block-response", height: 5n, body },
      { type: "proof-request", height: 5n },
      { type: "votes-request", kind: 2, height: 5n, view: 1, valueId: chainId, wanted },
      { type: "votes-response", votes: [vote] },
      { type: "evidence", evidence: Uint8Array.of(1, 2, 3) },
    ];
    const { messageSize } = await import("../src/index.ts");
    for (const message of messages) {
      const encoded = encodeMessage(message);
      expect(decodeMessage(encoded, context)).toEqual(message);
      expect(messageSize(message)).toBe(encoded.length);
      for (let length = 0; length < encoded.length; length++) {
        try {
          decodeMessage(encoded.subarray(0, length), context);
        } catch (error) {
          expect(error).toBeInstanceOf(BbftError);
        }
      }
    }
    void proof;
  });

  it("of an envelope come back as they were", () => {
    const envelope = {
      sender: 1,
      receiver: 2,
      seq: 77n,
      message: Uint8Array.of(0x17, 1, 2),
      signature: new Uint8Array(64).fill(3),
    };
    expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual(envelope);
    expect(() => decodeEnvelope(new Uint8Array(90))).toThrow("kind");
  });

  it("the door to the keys opens forward only", () => {
    expect(checkSignRequest(undefined, request)).toBeUndefined();
    expect(checkSignRequest(state, request)).toEqual(state.signature);
    expect(checkSignRequest(state, { ...request, step: 3 })).toBeUndefined();
    for (const other of [
      { ...request, bytes: Uint8Array.of(9) },
      { ...request, step: 1 as const },
      { ...request, view: 0, step: 4 as const },
      { ...request, height: 4n },
    ])
      expect(() => checkSignRequest(state, other)).toThrow("double-sign");
  });
});

/** What every transport must do. */
function describeTransport(name: string, connect: () => Promise<[Transport, Transport]>) {
  it(`transport, ${name}: carries bytes both ways, in order, and knows who sent them`, async () => {
    const [a, b] = await connect();
    const [keyA = chainId, keyB = chainId] = keys;
    const got: { from: Uint8Array; bytes: Uint8Array }[] = [];
    const back: Uint8Array[] = [];
    b.onMessage((from, bytes) => got.push({ from, bytes }));
    a.onMessage((_from, bytes) => back.push(bytes));
    for (let i = 0; i < 50; i++) a.send(keyB, Uint8Array.of(i, i), "vote");
    a.send(keyB, new Uint8Array(1_000_000).fill(7), "proposal");
    b.send(keyA, Uint8Array.of(9), "vote");
    await waitFor(() => got.length === 51 && back.length === 1);
    expect(got.slice(0, 50).map(({ bytes }) => bytes[0])).toEqual([...Array(50).keys()]);
    expect(got.every(({ from }) => hash(from)[0] === hash(keyA)[0])).toBe(true);
    expect(Buffer.compare(got[50]?.bytes ?? chainId, Buffer.alloc(1_000_000, 7))).toBe(0);
    await Promise.all([a.close(), b.close()]);
  });
}

async function connectTcp(
  index: number,
  port: number,
  other: { index: number; port: number },
  chain = chainId,
) {
  const idKey = keys[index] ?? chainId;
  return listenTcp({
    chainId: chain,
    idKey,
    epoch: 0n,
    valsetHash: chainId,
    index,
    port,
    peers: [{ idKey: keys[other.index] ?? chainId, host: "127.0.0.1", port: other.port }],
    identity: scheme,
    identitySign: async (bytes) => scheme.sign(secretOf(index), bytes),
  });
}

/** The one that dials must know the port of the other. */
async function tcpPair(chainOfDialer = chainId) {
  const [keyA = chainId, keyB = chainId] = keys;
  const isFirstDialer = Buffer.compare(Buffer.from(keyA), Buffer.from(keyB)) < 0;
  const [dialer, listener] = isFirstDialer ? [0, 1] : [1, 0];
  const listening = await connectTcp(listener, 0, { index: dialer, port: 1 });
  const dialing = await connectTcp(
    dialer,
    0,
    { index: listener, port: listening.port },
    chainOfDialer,
  );
  return isFirstDialer ? ([dialing, listening] as const) : ([listening, dialing] as const);
}

/** What a transport that knows of connections must do. */
function describeConnections(name: string, connect: () => Promise<[Transport, Transport]>) {
  it(`transport, ${name}: tells of a peer that can be reached, also when it is told late`, async () => {
    const [a, b] = await connect();
    const [keyA = chainId] = keys;
    const got: Uint8Array[] = [];
    const reached: Uint8Array[] = [];
    b.onMessage((_from, bytes) => got.push(bytes));
    b.onConnect?.((peer) => reached.push(peer));
    a.onConnect?.((peer) => a.send(peer, Uint8Array.of(5), "vote"));
    await waitFor(() => got.length > 0 && reached.length > 0);
    expect([got[0], reached[0]]).toEqual([Uint8Array.of(5), keyA]);
    await Promise.all([a.close(), b.close()]);
  });
}

const memoryPair = async (): Promise<[Transport, Transport]> => {
  const hub = createMemoryHub();
  const [a = chainId, b = chainId] = keys;
  return [hub.connect(a), hub.connect(b)];
};
const linkedTcpPair = async (): Promise<[Transport, Transport]> => {
  const [a, b] = await tcpPair();
  await waitFor(() => a.connected().length === 1 && b.connected().length === 1);
  return [a, b];
};
describeTransport("in memory", memoryPair);
describeTransport("TCP", linkedTcpPair);
describeConnections("in memory", memoryPair);
describeConnections("TCP", linkedTcpPair);

it("TCP: what is sent on being connected arrives, also after the peer was away", async () => {
  const [keyA = chainId, keyB = chainId] = keys;
  const isFirstDialer = Buffer.compare(Buffer.from(keyA), Buffer.from(keyB)) < 0;
  const [dialer, listener] = isFirstDialer ? [0, 1] : [1, 0];
  const dialerKey = keys[dialer] ?? chainId;
  let listening = await connectTcp(listener, 0, { index: dialer, port: 1 });
  const { port } = listening;
  const dialing = await connectTcp(dialer, 0, { index: listener, port });
  dialing.onConnect?.((peer) => dialing.send(peer, Uint8Array.of(1), "vote"));
  for (let round = 0; round < 3; round++) {
    const got: number[] = [];
    listening.onConnect?.((peer) => listening.send(peer, Uint8Array.of(round), "vote"));
    listening.onMessage((from, [first = -1]) => {
      expect(from).toEqual(dialerKey);
      got.push(first);
    });
    const back: number[] = [];
    dialing.onMessage((_from, [first = -1]) => back.push(first));
    await waitFor(() => got.length > 0 && back.length > 0);
    expect([got[0], back[0]]).toEqual([1, round]);
    await listening.close();
    await waitFor(() => dialing.connected().length === 0);
    if (round < 2) listening = await connectTcp(listener, port, { index: dialer, port: 1 });
  }
  await dialing.close();
});

it("TCP: a peer of another chain does not get in", async () => {
  const [a, b] = await tcpPair(hash(chainId));
  await wait(400);
  expect([...a.connected(), ...b.connected()]).toEqual([]);
  await Promise.all([a.close(), b.close()]);
});

it("four nodes in one process decide, and one that was away comes back from its log", async () => {
  const hub = createMemoryHub();
  const applications = keys.map(() => createTestApplication());
  const wals = keys.map(() => createMemoryWal());
  const start = async (index: number) => {
    const [application, wal, key] = [applications[index], wals[index], keys[index]];
    if (application === undefined || wal === undefined || key === undefined) throw new Error();
    const transport = hub.connect(key);
    const node = createNode(index, { application, transport, clock: systemClock, wal });
    await node.start();
    return node;
  };
  const nodes = await Promise.all(keys.map((_, index) => start(index)));
  await waitFor(() => applications.every(({ decisions }) => decisions.length >= 10));
  await nodes[1]?.stop();
  const held = applications[1]?.decisions.length ?? 0;
  await waitFor(() => (applications[0]?.decisions.length ?? 0) >= held + 3);
  nodes[1] = await start(1);
  await waitFor(() => (applications[1]?.decisions.length ?? 0) >= held + 10);
  await Promise.all(nodes.map((node) => node.stop()));
  for (let height = 0; height < 10; height++)
    expect(
      new Set(applications.map(({ decisions }) => String(decisions[height]?.proof.appBlockId)))
        .size,
    ).toBe(1);
});

it("the application may live in another process", async () => {
  const application = createTestApplication();
  const server = await serveApplication(application, { port: 0, contextOf });
  const identify = (bytes: Uint8Array) => hash(bytes);
  const remote = await connectApplication({ port: server.port, contextOf, identify });
  expect(await remote.state()).toEqual(await application.state());
  expect(await remote.validators(3n)).toEqual({ ...validators, epoch: 3n });
  const place = { height: 1n, view: 0, lastAppBlockId: chainId };
  const block = await remote.prepare({ ...place, maxBytes: 1000, nowMs: 5 });
  expect(block.bytes).toEqual(new TextEncoder().encode("block 1"));
  expect(await remote.validate(place, block, false)).toMatchObject({ isAccepted: true });
  const wrong = { id: block.id, bytes: Uint8Array.of(1) };
  expect(await remote.validate(place, wrong, false)).toMatchObject({ isAccepted: false });
  const engine = createEd25519();
  const certificate = { ...certificateBy(engine, 4, [0, 1, 2]), height: 1n };
  const decision: Decision = {
    height: 1n,
    view: 1,
    proof: { certificate, appBlockId: block.id, engineHash: hash(new Uint8Array(0)) },
    body: { appBlockId: block.id, appBlock: block.bytes, engineData: new Uint8Array(0) },
  };
  const { valueIdOf } = await import("../src/index.ts");
  const bound = {
    ...decision,
    proof: {
      ...decision.proof,
      certificate: { ...certificate, valueId: valueIdOf(block.id, decision.proof.engineHash) },
    },
  };
  await remote.commit(bound, []);
  expect(await remote.load(1n)).toEqual(bound);
  expect(await remote.load(2n)).toBeUndefined();
  await server.close();
  await expect(remote.state()).rejects.toMatchObject({ code: "remote" });
  await remote.close();
});
