import { expect, it } from "vitest";
import {
  type Cluster,
  commonBlock,
  heightLimitMs,
  heightOf,
  type Memory,
  START_LIMIT_MS,
  startCluster,
  statusOf,
  until,
} from "./kv-cluster.ts";

/** `BBFT_SOAK_MINUTES=60 vitest run packages/bbft/test/key-value-soak` for the long run. */
const MINUTES = Number(process.env["BBFT_SOAK_MINUTES"] ?? 0.05);
/** From here on the run is long enough to kill processes and to judge their memory. */
const LONG_MINUTES = 5;
const MEGABYTE = 1024 * 1024;
const SAMPLE_MS = 10_000;
/** These run the whole time; the others are killed in turn, one a minute. */
const [SURVIVORS, VICTIMS] = [
  [0, 3],
  [1, 2],
] as const;
const KILL_EVERY_MS = 60_000;

const options = { m: 2, blockIntervalMs: 100, viewTimeoutMs: 1000, epochLength: 100 };
const HEIGHT_MS = heightLimitMs(options);

interface Sample {
  readonly atMs: number;
  readonly memory: Memory;
}

/** Megabytes that a straight line through the second half of the samples gains over that half. */
function growthMb(samples: readonly Sample[], of: (memory: Memory) => number): number {
  const half = samples.slice(samples.length >> 1);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const meanAt = mean(half.map(({ atMs }) => atMs));
  const meanMb = mean(half.map(({ memory }) => of(memory)));
  let [product, square] = [0, 0];
  for (const { atMs, memory } of half) {
    product += (atMs - meanAt) * (of(memory) - meanMb);
    square += (atMs - meanAt) ** 2;
  }
  const spanMs = (half.at(-1)?.atMs ?? 0) - (half[0]?.atMs ?? 0);
  return square === 0 ? 0 : ((product / square) * spanMs) / MEGABYTE;
}

const live = ({ heapUsed, external }: Memory): number => heapUsed + external;
const resident = ({ rss }: Memory): number => rss;

/** kill -9, a few heights without it, and back to where the others are. */
async function killAndReturn(cluster: Cluster, victim: number): Promise<void> {
  await cluster.kill(victim);
  const before = await heightOf(cluster, 0);
  await until(
    4 * HEIGHT_MS,
    () => cluster.height(0),
    (height) => height >= before + 4,
  );
  cluster.start(victim);
  const goal = await heightOf(cluster, 0);
  await until(
    START_LIMIT_MS + 8 * HEIGHT_MS,
    () => cluster.height(victim),
    (height) => height >= goal,
  );
}

/** The same block everywhere at the highest height that all have. */
async function expectAgreement(cluster: Cluster): Promise<number> {
  const { height, ids } = await commonBlock(cluster);
  expect(new Set(ids).size).toBe(1);
  return height;
}

it(
  `four processes under load for ${MINUTES} minutes: they agree, memory stays flat`,
  async () => {
    const cluster = await startCluster(options);
    const isLong = MINUTES >= LONG_MINUTES;
    try {
      for (const index of [0, 1, 2, 3])
        await until(
          START_LIMIT_MS + 5 * HEIGHT_MS,
          () => cluster.height(index),
          (height) => height >= 5,
        );
      const startedAt = Date.now();
      const end = startedAt + MINUTES * 60_000;
      const first = await heightOf(cluster, 0);
      const samples = SURVIVORS.map((): Sample[] => []);
      let [kills, isOver] = [0, false];
      const faults = (async () => {
        while (isLong && !isOver && Date.now() + KILL_EVERY_MS < end) {
          await new Promise((resolve) => setTimeout(resolve, KILL_EVERY_MS));
          if (isOver) return;
          await killAndReturn(cluster, VICTIMS[kills % 2] ?? 1);
          kills++;
          const height = await expectAgreement(cluster);
          const now = samples.map((own) => (own.at(-1)?.memory.rss ?? 0) / MEGABYTE);
          const minutes = ((Date.now() - startedAt) / 60_000).toFixed(0);
          const mb = now.map((one) => one.toFixed(0)).join(" and ");
          console.log(`${minutes} min, ${kills} kills, height ${height}, resident ${mb} MB`);
        }
      })();
      const load = (async () => {
        let sampledAt = 0;
        for (let round = 0; Date.now() < end && !isOver; round++) {
          await cluster.put(round % 4, `key-${round % 100}`, `value ${round}`);
          if (Date.now() - sampledAt >= SAMPLE_MS) {
            sampledAt = Date.now();
            for (const [at, index] of SURVIVORS.entries()) {
              const memory = await cluster.memory(index);
              if (memory !== undefined) samples[at]?.push({ atMs: Date.now() - startedAt, memory });
            }
          }
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })();
      await Promise.all([load, faults]).finally(() => {
        isOver = true;
      });

      await expectAgreement(cluster);
      const seconds = (Date.now() - startedAt) / 1000;
      const decisions = (await heightOf(cluster, 0)) - first;
      const { p50, p99 } = await statusOf(cluster, 0);
      console.log(
        `${decisions} decisions in ${seconds.toFixed(0)} s, ${(decisions / seconds).toFixed(1)}/s, ` +
          `${kills} kills, latency p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
      );
      expect(decisions).toBeGreaterThan(0);
      if (!isLong) return;
      for (const [at, own] of samples.entries()) {
        const last = own.at(-1)?.memory ?? { rss: 0, heapUsed: 0, external: 0 };
        const [liveMb, rssMb] = [live(last) / MEGABYTE, resident(last) / MEGABYTE];
        const [liveGrowth, rssGrowth] = [growthMb(own, live), growthMb(own, resident)];
        console.log(
          `process ${SURVIVORS[at]}: live ${liveMb.toFixed(1)} MB, resident ${rssMb.toFixed(0)} MB; ` +
            `growth over the second half ${liveGrowth.toFixed(2)} and ${rssGrowth.toFixed(1)} MB`,
        );
        // Live memory is what counts; the resident one also follows the collector's moods.
        expect(liveGrowth).toBeLessThan(2 + liveMb * 0.05);
        expect(rssGrowth).toBeLessThan(10 + rssMb * 0.1);
      }
    } finally {
      await cluster.close();
    }
  },
  MINUTES * 60_000 + 300_000,
);
