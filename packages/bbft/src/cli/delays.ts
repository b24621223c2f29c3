/// <reference types="node" />
/** Delays of a network from a file. */
import { readFileSync } from "node:fs";
import { type LatencyMatrix, parseLatencyCsv } from "../sim/index.ts";
import { MAX_VALIDATORS } from "../validator-set.ts";

/** @throws RangeError with what is wrong and what a file should hold */
export function readLatency(file: string): LatencyMatrix {
  try {
    const latency = parseLatencyCsv(readFileSync(file, "utf8"));
    if (latency.n > MAX_VALIDATORS)
      throw new RangeError(`it has ${latency.n} rows, and there are ${MAX_VALIDATORS} at most`);
    return latency;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(
      `${file}: ${error.message}. Give one row for each validator, one-way milliseconds to all of ` +
        "them, with commas between, such as 0,35,80",
    );
  }
}
