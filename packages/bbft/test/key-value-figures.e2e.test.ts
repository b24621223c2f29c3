/** `BBFT_FIGURE_SECONDS=30 vitest run packages/bbft/test/key-value-figures` for figures that mean something. */
import { cpus, loadavg } from "node:os";
import { expect, it } from "vitest";
import {
  type Cluster,
  heightLimitMs,
  heightOf,
  START_LIMIT_MS,
  startCluster,
  statusOf,
  until,
} from "./kv-cluster.ts";

/** Of each phase. */
const SECONDS = Number(process.env["BBFT_FIGURE_SECONDS"] ?? 0.5);
/** Between two writes, offered to all running processes in turn, milliseconds. */
const WRITE_EVERY_MS = 50;

const options = { m: 2, blockIntervalMs: 20, viewTimeoutMs: 400, epochLength: 1200 };
const HEIGHT_MS = heightLimitMs(options);

async function cpuOf(cluster: Cluster, running: readonly number[]): Promise<number> {
  const all = await Promise.all(running.map((index) => statusOf(cluster, index)));
  return all.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Offers writes for a while and prints what the witness decided meanwhile. */
async function measure(cluster: Cluster, what: string, running: readonly number[]): Promise<void> {
  const [witness = 0] = running;
  const first = await heightOf(cluster, witness);
  const cpuBefore = await cpuOf(cluster, running);
  const startedAt = performance.now();
  const end = startedAt + SECONDS * 1000;
  let accepted = 0;
  for (let round = 0; performance.now() < end; round++) {
    const index = running[round % running.length] ?? witness;
    if (await cluster.put(index, `key-${round % 100}`, `value ${round}`)) accepted++;
    await new Promise((resolve) => setTimeout(resolve, WRITE_EVERY_MS));
  }
  // A dead leader may take a whole phase for one height.
  await until(
    HEIGHT_MS,
    () => cluster.height(witness),
    (height) => height > first,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const status = await statusOf(cluster, witness, first + 1);
  const decisions = Number(status.height) - first;
  const cpu = ((await cpuOf(cluster, running)) - cpuBefore) / decisions;
  console.log(
    `${what}: ${(decisions / seconds).toFixed(1)} decisions/s, ${(accepted / seconds).toFixed(0)} ` +
      `writes/s, latency p50 ${status.p50.toFixed(0)} ms, p99 ${status.p99.toFixed(0)} ms, ` +
      `CPU ${cpu.toFixed(0)} ms a decision in all processes`,
  );
  expect(decisions).toBeGreaterThan(0);
}

async function rejoin(cluster: Cluster, index: number, witness: number): Promise<void> {
  const startedAt = performance.now();
  const goal = await heightOf(cluster, witness);
  cluster.start(index);
  await until(
    START_LIMIT_MS + HEIGHT_MS,
    () => cluster.height(index),
    (height) => height >= goal,
  );
  const ms = performance.now() - startedAt;
  console.log(`rejoin of ${index} at height ${goal}: ${ms.toFixed(0)} ms from its start`);
}

it(
  "decides without a fault, without a common validator, without the leader",
  async () => {
    const cluster = await startCluster(options);
    try {
      await until(
        START_LIMIT_MS + 5 * HEIGHT_MS,
        () => cluster.height(3),
        (height) => height >= 5,
      );
      const load = loadavg()[0]?.toFixed(1);
      console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, load ${load}`);
      await measure(cluster, "all four, just started", [0, 1, 2, 3]);
      await measure(cluster, "all four", [0, 1, 2, 3]);
      await cluster.kill(3);
      await measure(cluster, "a common validator dead", [0, 1, 2]);
      await rejoin(cluster, 3, 0);
      await measure(cluster, "all four again", [0, 1, 2, 3]);
      const leader = (await statusOf(cluster, 3)).leader;
      await cluster.kill(leader);
      const others = [0, 1, 2, 3].filter((index) => index !== leader);
      await measure(cluster, `the leader (${leader}) dead`, others);
      await rejoin(cluster, leader, 3);
      await measure(cluster, "all four once more", [0, 1, 2, 3]);
    } finally {
      await cluster.close();
    }
  },
  SECONDS * 7_000 + 180_000,
);
