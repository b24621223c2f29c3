import { expect, it } from "vitest";
import { type Status, startCluster, until } from "./kv-cluster.ts";

/** `BBFT_SOAK_MINUTES=60 vitest run packages/bbft/test/key-value-soak` for the long run. */
const MINUTES = Number(process.env["BBFT_SOAK_MINUTES"] ?? 0.05);
const MEGABYTE = 1024 * 1024;

it(
  `four processes under load for ${MINUTES} minutes: they agree, memory stays flat`,
  async () => {
    const cluster = await startCluster({ m: 4, blockIntervalMs: 10, viewTimeoutMs: 1000 });
    const statusOf = async (index: number): Promise<Status> => {
      const status = await until(
        () => cluster.status(index),
        (found) => found !== undefined,
      );
      if (status === undefined) throw new Error("no status");
      return status;
    };
    try {
      await until(
        () => cluster.status(0),
        (status) => Number(status?.height ?? 0) >= 5,
      );
      const started = Date.now();
      const [first, samples] = [await statusOf(0), [] as number[]];
      for (let round = 0; Date.now() - started < MINUTES * 60_000; round++) {
        await cluster.put(round % 4, `key-${round % 100}`, `value ${round}`);
        if (round % 20 === 0) samples.push((await statusOf(0)).memory);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const last = await statusOf(0);
      const seconds = (Date.now() - started) / 1000;
      const decisions = Number(last.height) - Number(first.height);
      const quarter = Math.floor(samples.length / 4);
      const early = Math.max(0, ...samples.slice(quarter, 2 * quarter)) / MEGABYTE;
      const late = Math.max(0, ...samples.slice(3 * quarter)) / MEGABYTE;
      console.log(
        `${decisions} decisions in ${seconds.toFixed(0)} s, ${(decisions / seconds).toFixed(1)}/s, ` +
          `latency p50 ${last.p50.toFixed(1)} ms, p99 ${last.p99.toFixed(1)} ms, ` +
          `memory ${early.toFixed(0)} MB, later ${late.toFixed(0)} MB`,
      );
      expect(decisions).toBeGreaterThan(0);
      if (MINUTES >= 5) expect(late).toBeLessThan(early * 1.3 + 20);
    } finally {
      await cluster.close();
    }
  },
  MINUTES * 60_000 + 120_000,
);
