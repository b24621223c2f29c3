import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { ConformanceChild } from "../conformance/index.ts";

/**
 * Starts a Node process for the crash and lock tests of a storage engine.
 *
 * @param file a JavaScript module that calls `serveConformanceChild`
 * @param args its arguments: where the store is
 */
export function forkConformanceChild(file: string, args: readonly string[]): ConformanceChild {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
  // A child that could not be started shows in `kill`; nobody may be waiting there yet.
  gone.catch(() => {});
  // Writing to a dead child is no failure of the test: its missing answer is.
  child.stdin.on("error", () => {});
  // Asked for at once: lines that come before there is an iterator would be lost.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    send: (line) => void child.stdin.write(`${line}\n`),
    lines: { [Symbol.asyncIterator]: () => lines },
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
