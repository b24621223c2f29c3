/** One event after the other, whoever sends how much. */
import { expect, it } from "vitest";
import { EventLoop, type LoopEvent } from "../src/host/event-loop.ts";

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
