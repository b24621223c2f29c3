import { integerSquareRoot } from "../../topology/topology.ts";
import { BLS_US, bbftTime, eightRegions, MEGABYTE, UPLINK } from "./measure.ts";
import type { Table } from "./table.ts";

/** Section 18.3: the throughput model over the measured decision times. */
export function throughputTable(n: number, seed: number): Table {
  const m = integerSquareRoot(n);
  const latency = eightRegions(n, seed);
  const averageTxBytes = 250;
  const rows = [0.1, 1, 4].flatMap((megabytes) =>
    [
      { relay: "full", bytesOnWire: megabytes * MEGABYTE },
      // Six bytes for each transaction that receivers already hold.
      { relay: "compact", bytesOnWire: (megabytes * MEGABYTE * 6) / averageTxBytes },
    ].map(({ relay, bytesOnWire }) => {
      const blockBytes = Math.round(bytesOnWire);
      const cpu = { signUs: 300, verifyUs: BLS_US };
      const ms = bbftTime({ n, m, latency, seed, bandwidth: UPLINK, blockBytes, cpu });
      const transactions = (megabytes * MEGABYTE) / averageTxBytes;
      return [megabytes, relay, ms, Math.round((transactions * 1000) / Math.max(500, ms))];
    }),
  );
  return {
    title: `Throughput model, N = ${n}, M = ${m}, transactions of ${averageTxBytes} bytes, interval 500 ms`,
    columns: ["block MB", "relay", "decision ms", "transactions/s"],
    rows,
    notes: ["TPS = transactions per block / max(interval, decision time)."],
  };
}
