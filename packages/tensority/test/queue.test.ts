import { describe, expect, it } from "vitest";
import type { WorkerReply, WorkerRequest } from "../src/pool/messages.ts";
import type { PortEvents } from "../src/pool/port.ts";
import { createQueue, type Queue, type QueueOptions } from "../src/pool/queue.ts";

const job = { type: "prepare", seed: new Uint8Array(32) } as const;

/** Workers that answer when told. */
class Fleet {
  readonly workers: { events: PortEvents; requests: WorkerRequest[]; isOpen: boolean }[] = [];

  queue(options: Partial<QueueOptions> = {}): Queue {
    return createQueue({
      workers: 1,
      limit: 10,
      greeting: { type: "start", kernels: [], maxSeeds: 1 },
      startWorker: (events) => {
        const worker = { events, requests: [] as WorkerRequest[], isOpen: true };
        this.workers.push(worker);
        return {
          post: (request) => void worker.requests.push(request),
          close: () => {
            worker.isOpen = false;
          },
        };
      },
      ...options,
    });
  }

  /** Answers the last request of a worker. */
  answer(worker: number, facts: Partial<WorkerReply> = {}): void {
    const id = this.workers[worker]?.requests.at(-1)?.id ?? -1;
    this.workers[worker]?.events.onReply({ id, ...facts });
  }

  fail(worker: number): void {
    this.workers[worker]?.events.onFailure(new Error("crashed"));
  }

  jobs(worker: number): number {
    return this.workers[worker]?.requests.filter(({ type }) => type !== "start").length ?? 0;
  }
}

describe("queue", () => {
  it("starts a worker with its first job, greeting first, and runs one job at a time", async () => {
    const fleet = new Fleet();
    const queue = fleet.queue();
    expect(fleet.workers).toHaveLength(0);
    const results = [queue.submit(job), queue.submit(job)];
    expect(fleet.workers[0]?.requests.map(({ type }) => type)).toEqual(["start", "prepare"]);
    expect(queue.waiting).toBe(1);
    fleet.answer(0, { memoryBytes: 5 });
    expect(queue.waiting).toBe(0);
    expect(queue.memoryBytes).toBe(5);
    fleet.answer(0);
    await Promise.all(results);
  });

  it("gives jobs to idle workers, and a bound job to its own", async () => {
    const fleet = new Fleet();
    const queue = fleet.queue({ workers: 2 });
    const results = [queue.submit(job), queue.submit(job), queue.submit(job, { worker: 1 })];
    fleet.answer(0);
    expect(queue.waiting).toBe(1);
    fleet.answer(1);
    expect(fleet.jobs(1)).toBe(2);
    fleet.answer(1);
    await Promise.all(results);
  });

  it("refuses more than may wait", async () => {
    const fleet = new Fleet();
    const queue = fleet.queue({ limit: 1 });
    const results = [queue.submit(job), queue.submit(job)];
    await expect(queue.submit(job)).rejects.toMatchObject({ code: "queue-full", limit: 1 });
    fleet.answer(0);
    fleet.answer(0);
    await Promise.all(results);
  });

  it("replaces a worker that fails and gives its job one more chance", async () => {
    const fleet = new Fleet();
    const queue = fleet.queue();
    const result = queue.submit(job);
    fleet.fail(0);
    expect(fleet.workers[0]?.isOpen).toBe(false);
    expect(fleet.workers).toHaveLength(2);
    fleet.answer(1);
    await result;
    expect(queue.restarts).toBe(1);
  });

  it("gives up a job that fails twice and goes on with the next", async () => {
    const fleet = new Fleet();
    const queue = fleet.queue();
    const [bad, good] = [queue.submit(job), queue.submit(job)];
    fleet.fail(0);
    fleet.fail(1);
    await expect(bad).rejects.toMatchObject({
      code: "worker-failed",
      cause: { message: "crashed" },
    });
    fleet.answer(2);
    await good;
  });

  it("counts a worker that cannot start as failed", async () => {
    const startWorker = () => {
      throw new Error("forbidden");
    };
    const queue = new Fleet().queue({ startWorker });
    await expect(queue.submit(job)).rejects.toMatchObject({ code: "worker-failed" });
  });

  it("does not listen to a worker that it has given up", async () => {
    const fleet = new Fleet();
    const queue = fleet.queue();
    const result = queue.submit(job);
    fleet.fail(0);
    fleet.answer(0);
    fleet.fail(0);
    expect(queue.restarts).toBe(1);
    fleet.answer(1, { kernel: "p1" });
    expect(await result).toMatchObject({ kernel: "p1" });
  });

  it("drops a waiting job when its signal is aborted, and ignores the answer of a running one", async () => {
    const fleet = new Fleet();
    const queue = fleet.queue();
    const [running, waiting] = [new AbortController(), new AbortController()];
    const results = [
      queue.submit(job, { signal: running.signal }),
      queue.submit(job, { signal: waiting.signal }),
      queue.submit(job),
    ];
    waiting.abort(new Error("not needed"));
    running.abort(new Error("too late"));
    await expect(results[1]).rejects.toThrow("not needed");
    await expect(results[0]).rejects.toThrow("too late");
    fleet.answer(0);
    expect(fleet.jobs(0)).toBe(2);
    fleet.answer(0);
    await results[2];
    await expect(queue.submit(job, { signal: running.signal })).rejects.toThrow("too late");
  });

  it("rejects everything when it closes, and stops the workers", async () => {
    const fleet = new Fleet();
    const queue = fleet.queue();
    const results = [queue.submit(job), queue.submit(job)];
    await queue.close();
    for (const result of results)
      await expect(result).rejects.toMatchObject({ code: "pool-closed" });
    await expect(queue.submit(job)).rejects.toMatchObject({ code: "pool-closed" });
    expect(fleet.workers.map(({ isOpen }) => isOpen)).toEqual([false]);
    expect(queue.restarts).toBe(0);
  });
});
