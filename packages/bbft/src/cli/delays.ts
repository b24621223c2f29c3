/// <reference types="node" />
/** Delays of a network from a file. */
import { readFileSync } from "node:fs";
import { type LatencyMatrix, parseLatencyCsv } from "../sim/index.ts";
import { MAX_VALIDATORS } from "../validator-set.ts";

/** @throws RangeError with what is wrong and what a file should hold */
export function readLatency(file: string): LatencyMatrix {
  try {
    const latency = parseLatencyCsv(readFileSync(file, "utf8"));
    if (latency.n === 0) throw new RangeError("there is no row in it");
    if (latency.n > MAX_VALIDATORS)
      throw new RangeError(`it has ${latency.n} rows, and there are ${MAX_VALIDATORS} at most`);
    const bad = latency.us.findIndex((us) => !Number.isFinite(us));
    if (bad >= 0) throw new RangeError(`row ${Math.floor(bad / latency.n)} has an endless delay`);
    return latency;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(
      `${file}: ${error.message} (rows and columns count from 0). Give one row for each validator, ` +
        "one-way milliseconds to all of them, with commas between, such as 0,35,80",
    );
  }
}
