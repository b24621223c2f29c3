/** One event after the other, whoever sends how much. */
import { expect, it } from "vitest";
import { EventLoop, type LoopEvent } from "../src/host/event-loop.ts";
import { type Clock, createMemoryHub, createMemoryWal, type Wal } from "../src/index.ts";
import { chainId } from "./helpers.ts";
import { createNode, createTestApplication, keys } from "./host-helpers.ts";

/** Handles nothing until it is let go. */
function createHeldLoop() {
  const handled: LoopEvent[] = [];
  const failures: unknown[] = [];
  let letGo: () => void = () => {};
  const isLetGo = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const loop = new EventLoop(
    async (event) => {
      await isLetGo;
      handled.push(event);
    },
    (error) => failures.push(error),
  );
  /** As a node does with what arrives. */
  const receive = (peer: string, from: number, bytes: number): void => {
    const message = { type: "proof-request", height: 1n } as const;
    if (loop.hasRoom(peer)) loop.pushMessage({ type: "message", from, message }, peer, bytes);
  };
  const countOf = (from: number): number =>
    handled.filter((event) => event.type === "message" && event.from === from).length;
  const idle = () => new Promise((resolve) => setImmediate(resolve));
  return { loop, failures, handled, letGo, receive, countOf, idle };
}

it("a peer that sends too much while the log is flushed displaces nobody", async () => {
  const { receive, letGo, countOf, idle } = createHeldLoop();
  for (let count = 0; count < 30_000; count++) receive("loud", 1, 100);
  receive("quiet", 2, 100);
  letGo();
  await idle();
  expect(countOf(2)).toBe(1);
  expect(countOf(1)).toBeLessThan(2000);
  receive("loud", 1, 100);
  await idle();
  expect(countOf(1)).toBeGreaterThan(1000);
});

it("a peer's waiting messages are bounded in bytes, and the longest one finds room", async () => {
  const { receive, letGo, countOf, idle } = createHeldLoop();
  receive("loud", 1, 100);
  for (let count = 0; count < 100; count++) receive("loud", 1, 8 * 1024 * 1024);
  letGo();
  await idle();
  expect(countOf(1)).toBe(2);
  receive("loud", 1, 8 * 1024 * 1024);
  await idle();
  expect(countOf(1)).toBe(3);
});

it("closes when slow work fails, and when its outcome cannot be used", async () => {
  const error = new Error("no use");
  const outcomes = [
    (loop: EventLoop) => loop.beside(Promise.reject(error), () => {}),
    (loop: EventLoop) =>
      loop.beside(Promise.resolve(), () => {
        throw error;
      }),
  ];
  for (const begin of outcomes) {
    const { loop, failures, handled, letGo, idle } = createHeldLoop();
    letGo();
    begin(loop);
    await idle();
    loop.push({ type: "ready" });
    await idle();
    expect([failures, handled, loop.isClosed]).toEqual([[error], [], true]);
  }
});

it("a node that is stopped in the middle of a step leaves no timer and sends nothing more", async () => {
  const running = new Map<number, () => void>();
  let [count, sent] = [0, 0];
  const clock: Clock = {
    now: () => 1_000_000,
    setTimer(_ms, callback) {
      running.set(++count, callback);
      return count;
    },
    clear: (timer) => void running.delete(timer as number),
  };
  const log = createMemoryWal();
  let flush: (() => void) | undefined;
  const wal: Wal = {
    ...log,
    async append(entry, sync) {
      await log.append(entry, sync);
      if (sync)
        await new Promise<void>((resolve) => {
          flush = resolve;
        });
    },
  };
  const connected = createMemoryHub().connect(keys[0] ?? chainId);
  const transport = { ...connected, send: () => void sent++ };
  const node = createNode(0, { application: createTestApplication(), transport, clock, wal });
  await node.start();
  // Until it wants its first signature on the disk; timers fire as they come.
  while (flush === undefined) {
    const [next] = running;
    if (next !== undefined) {
      running.delete(next[0]);
      next[1]();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const before = sent;
  const isStopped = node.stop();
  flush();
  await isStopped;
  expect([running.size, sent - before]).toEqual([0, 0]);
});
