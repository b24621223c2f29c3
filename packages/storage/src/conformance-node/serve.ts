import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { serveConformance } from "../conformance/index.ts";
import type { StorageEngine } from "../engine.ts";

/**
 * The whole program of a child process for the crash and lock tests; ends when it is killed or its
 * parent is gone.
 *
 * @param open opens the store at the place that the arguments of the process name
 */
export async function serveConformanceChild(open: () => Promise<StorageEngine>): Promise<void> {
  await serveConformance(open, {
    lines: createInterface({ input: process.stdin }),
    send: (line) => void writeSync(1, `${line}\n`),
  });
  process.exit();
}
