/** Applications that do not do what they should. */
import { once } from "node:events";
import { createConnection, createServer, Server, Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApplicationCalls } from "../src/host/application-calls.ts";
import { EventLoop, type LoopEvent } from "../src/host/event-loop.ts";
import { Synchronization } from "../src/host/synchronization.ts";
import { type Clock, type Decision, hash } from "../src/index.ts";
import { frameOf, readFrames } from "../src/node/frames.ts";
import { connectApplication, serveApplication } from "../src/node/index.ts";
import { chainId } from "./helpers.ts";
import { createContext, createTestApplication, validators } from "./host-helpers.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const contextOf = (epoch: bigint) => createContext({ ...validators, epoch });
const idle = () => new Promise((resolve) => setImmediate(resolve));

it.each([
  ["as long as it may be", 0, ["prepared"], []],
  ["longer", 1, [], [expect.objectContaining({ code: "limit" })]],
])("a block %s: its node proposes it, or stops", async (_name, excess, events, failures) => {
  const handled: LoopEvent[] = [];
  const failed: unknown[] = [];
  const loop = new EventLoop(
    async (event) => void handled.push(event),
    (error) => failed.push(error),
  );
  const application = createTestApplication();
  const bytes = new Uint8Array(1000 + excess);
  application.prepare = async () => ({ id: hash(bytes), bytes });
  const calls = new ApplicationCalls(application, { now: () => 0 }, loop, () => []);
  const place = { height: 1n, view: 0, lastAppBlockId: chainId };
  calls.prepare({ type: "prepare", ...place, maxBytes: 1000 });
  await idle();
  expect(handled.map(({ type }) => type)).toEqual(events);
  expect(failed).toEqual(failures);
});

it("a synchronization ends with the first block that the core does not take", async () => {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    setTimer(ms, callback) {
      now += ms;
      setImmediate(callback);
    },
    clear() {},
  };
  let isReturned = false;
  const offered: bigint[] = [];
  const synchronization = new Synchronization(
    {
      async *synchronize(from) {
        try {
          for (let height = from; height < from + 100n; height++)
            yield { height } as unknown as Decision;
        } finally {
          isReturned = true;
        }
      },
    },
    clock,
  );
  const node = {
    height: 5n,
    isClosed: false,
    onBlock({ height }: Decision) {
      offered.push(height);
      if (height === 5n) node.height++;
    },
  };
  await synchronization.run(node);
  expect([offered, isReturned]).toEqual([[5n, 6n], true]);
});

describe("an application in another process", () => {
  /** Answers requests as it is told. */
  async function connectTo(
    answer: (socket: Socket, id: number, method: string) => void,
    abilities: unknown = {},
  ) {
    let tellClosed: () => void = () => {};
    const isClosed = new Promise<void>((resolve) => {
      tellClosed = resolve;
    });
    const server = createServer((socket) => {
      socket.on("error", () => {}).on("close", tellClosed);
      readFrames(
        socket,
        () => 1_000_000,
        (frame) => {
          const { id, method } = JSON.parse(Buffer.from(frame).toString("utf8"));
          if (method === "abilities") write(socket, { id, result: abilities });
          else answer(socket, id, method);
        },
        () => expect.unreachable(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const connecting = connectApplication({ port, contextOf, identify: hash });
    connecting.catch(() => {});
    return { connecting, server, isClosed };
  }
  const write = (socket: Socket, reply: unknown) =>
    socket.write(frameOf(new TextEncoder().encode(JSON.stringify(reply))));

  it("answers twice, and to what nobody asked: only the first answer counts", async () => {
    const { connecting, server } = await connectTo((socket, id) => {
      write(socket, { id: id + 1000, result: null });
      write(socket, { id, result: null });
      write(socket, { id, error: "too late" });
    });
    const remote = await connecting;
    expect(await remote.load(1n)).toBeUndefined();
    expect(await remote.load(2n)).toBeUndefined();
    await remote.close();
    server.close();
  });

  it.each([
    ["no JSON", (socket: Socket) => socket.write(frameOf(Uint8Array.of(1)))],
    ["no object", (socket: Socket) => write(socket, [])],
    ["no id", (socket: Socket) => write(socket, { result: null })],
    ["a frame without end", (socket: Socket) => socket.write(Uint8Array.of(255, 255, 255, 255))],
    ["nothing", (socket: Socket) => socket.destroy()],
  ])("answers %s: every call fails, also those that wait", async (_name, answer) => {
    const { connecting, server } = await connectTo((socket, _id, method) => {
      if (method === "load") answer(socket);
    });
    const remote = await connecting;
    const waiting = remote.state().catch((error: unknown) => error);
    await expect(remote.load(1n)).rejects.toMatchObject({ code: "remote" });
    expect(await waiting).toMatchObject({ code: "remote" });
    await expect(remote.validators(0n)).rejects.toMatchObject({ code: "remote" });
    server.close();
  });

  it("is left alone when it cannot say what it is able to", async () => {
    const { connecting, server, isClosed } = await connectTo(() => {}, []);
    await expect(connecting).rejects.toMatchObject({ code: "remote" });
    await isClosed;
    server.close();
  });

  it("names no number that no encoding has", async () => {
    const { connecting, server } = await connectTo((socket, id) => {
      const state = { height: `${2n ** 64n}`, appBlockId: "00", proof: null };
      write(socket, { id, result: state });
    });
    const remote = await connecting;
    await expect(remote.state()).rejects.toMatchObject({ code: "remote" });
    await remote.close();
    server.close();
  });

  it("is noticed when its machine is gone without a word", async () => {
    const spied = vi.spyOn(Socket.prototype, "setKeepAlive");
    const { connecting, server } = await connectTo(() => {});
    const remote = await connecting;
    expect(spied).toHaveBeenCalledWith(true, expect.any(Number));
    await remote.close();
    server.close();
  });

  it("goes on when the system cannot take a connection in", async () => {
    const spied = vi.spyOn(Server.prototype, "listen");
    const served = await serveApplication(createTestApplication(), { port: 0, contextOf });
    const [server] = spied.mock.contexts as Server[];
    for (let count = 0; count < 2; count++) server?.emit("error", new Error("ENFILE"));
    const socket = createConnection({ host: "127.0.0.1", port: served.port });
    await once(socket, "connect");
    await served.close();
  });
});
