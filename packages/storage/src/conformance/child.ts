/** The other end of the crash and lock tests: what runs in the child process. */
import type { BatchOperation, StorageEngine } from "../engine.ts";
import { StorageError } from "../error.ts";
import { ascii } from "./assert.ts";
import { randomFrom } from "./random.ts";

/** How the child talks to the suite: lines of ASCII. */
export interface ChildChannel {
  readonly lines: AsyncIterable<string>;
  /** Gives a line to the operating system before it returns. */
  send(line: string): void;
}

/** Where a crash writer counts its commits. */
export const COUNT: Uint8Array = ascii("count");

/**
 * Serves the suite in a child process until it is killed.
 *
 * @param open opens the store at the place that the process was started for
 */
export async function serveConformance(
  open: () => Promise<StorageEngine>,
  channel: ChildChannel,
): Promise<void> {
  channel.send("ready");
  for await (const line of channel.lines) {
    const [command, seed] = line.split(" ");
    try {
      const store = await open();
      channel.send("opened");
      if (command === "write") await writeForever(store, Number(seed), channel);
    } catch (error) {
      channel.send(`failed ${error instanceof StorageError ? error.code : error}`);
    }
  }
}

/** Continues from what is there; announces a commit when, and only when, it is durable. */
async function writeForever(
  store: StorageEngine,
  seed: number,
  channel: ChildChannel,
): Promise<void> {
  for (let n = countOf(await store.get(COUNT)) + 1; ; n++) {
    await store.batch(crashCommit(seed, n), { sync: true });
    channel.send(`committed ${n}`);
  }
}

/**
 * Commit `n` of a crash writer: a count, a hundred rows out of a few hundred replaced or deleted
 * all over the key space, now and then a large one.
 */
export function crashCommit(seed: number, n: number): BatchOperation[] {
  const random = randomFrom(Math.imul(seed, 0x9e3779b1) + n);
  const operations: BatchOperation[] = [];
  for (let i = 0; i < 100; i++) {
    const key = Uint8Array.of(random.below(256), random.below(2));
    if (random.below(3) === 0) operations.push({ type: "del", key });
    else {
      const value = new Uint8Array(random.below(40) === 0 ? 50_000 : random.below(800));
      value.fill(random.below(256));
      operations.push({ type: "put", key, value });
    }
  }
  const count = { type: "put", key: COUNT, value: Uint8Array.of(n >> 16, n >> 8, n) } as const;
  operations.splice(random.below(operations.length), 0, count);
  return operations;
}

/** The number in the count row; 0 when there is none. */
export function countOf(value: Uint8Array | undefined): number {
  return (value ?? new Uint8Array(0)).reduce((count, byte) => count * 256 + byte, 0);
}
