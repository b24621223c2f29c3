import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { type FileResult, type RunOptions, runFile, select } from "./runner.ts";
import { suites } from "./suites.ts";

/** What is the same for all files of a run; crosses to the threads. */
export type ThreadOptions = Pick<RunOptions, "directory" | "wanted" | "options">;

/** One file's result, and what its handler noted. */
export interface Outcome {
  readonly result: FileResult;
  readonly notes: readonly string[];
}

interface Task {
  readonly index: number;
  readonly suite: string;
  readonly file: string;
}

/**
 * Runs files on threads, each taking the next one when it is done, and gives the outcomes in the
 * order of the files' names.
 *
 * @param program the module that calls {@link serveThread} when it is not the main thread
 */
export async function* runOnThreads(
  program: URL,
  options: ThreadOptions,
  jobs: number,
): AsyncGenerator<Outcome> {
  const tasks = select(options).map(([suite, file], index): Task => ({ index, suite, file }));
  const settled = tasks.map(() => deferred<Outcome>());
  for (const { promise } of settled) promise.catch(() => {});
  const waiting = tasks.values();
  const workers = Array.from({ length: Math.min(jobs, tasks.length) }, () => {
    const worker = new Worker(program, { workerData: options });
    let current: Task | undefined;
    const next = () => {
      current = waiting.next().value;
      if (current === undefined) void worker.terminate();
      else worker.postMessage(current);
    };
    worker.on("message", (outcome: Outcome) => {
      if (current !== undefined) settled[current.index]?.resolve(outcome);
      next();
    });
    worker.on("error", (error) => {
      for (const { reject } of settled) reject(error);
    });
    next();
    return worker;
  });
  try {
    for (const { promise } of settled) yield await promise;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function deferred<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
} {
  let settle: [(value: T) => void, (reason: unknown) => void] | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = [resolve, reject];
  });
  const [resolve, reject] = settle ?? [() => {}, () => {}];
  return { promise, resolve, reject };
}

/** The other end of {@link runOnThreads}; false in the main thread, which has other work. */
export function serveThread(): boolean {
  if (isMainThread || parentPort === null) return false;
  const port = parentPort;
  port.on("message", async ({ suite, file }: Task) => {
    const notes: string[] = [];
    const { directory, options } = workerData as ThreadOptions;
    const note = (text: string) => void notes.push(text);
    const result = await runFile({ directory, options, suites, note }, suite, file);
    port.postMessage({ result, notes } satisfies Outcome);
  });
  return true;
}
