import { expect, it } from "vitest";
import {
  commonBlock,
  heightLimitMs,
  heightOf,
  START_LIMIT_MS,
  startCluster,
  statusOf,
  until,
} from "./kv-cluster.ts";

const options = { m: 2, blockIntervalMs: 20, viewTimeoutMs: 400, epochLength: 20 };
const HEIGHT_MS = heightLimitMs(options);
/** A write is relayed at once; whoever leads one of the next heights puts it into a block. */
const WRITE_MS = 2 * HEIGHT_MS;

it("four processes agree, survive kill -9 of any one and of the leader, and take it back", async () => {
  const cluster = await startCluster(options);
  const reaches = (index: number, height: number, limitMs: number) =>
    until(
      limitMs,
      () => cluster.height(index),
      (reached) => reached >= height,
    );
  const put = (index: number, key: string, value: string) =>
    until(WRITE_MS, () => cluster.put(index, key, value), Boolean);
  const has = (index: number, key: string, value: string, limitMs: number) =>
    until(
      limitMs,
      () => cluster.get(index, key),
      (found) => found === value,
    );
  try {
    await reaches(3, 5, START_LIMIT_MS + 5 * HEIGHT_MS);
    await put(0, "a", "1");
    await has(3, "a", "1", WRITE_MS);

    const leader = (await statusOf(cluster, 0)).leader;
    for (const victim of [leader, ...[0, 1, 2, 3].filter((index) => index !== leader)]) {
      const witness = (victim + 2) % 4;
      await cluster.kill(victim);
      const before = await heightOf(cluster, witness);
      await reaches(witness, before + 4, 4 * HEIGHT_MS);
      await put(witness, `while-${victim}`, "down");
      await has(witness, `while-${victim}`, "down", WRITE_MS);
      cluster.start(victim);
      await has(victim, `while-${victim}`, "down", START_LIMIT_MS + HEIGHT_MS);
      const rejoined = await heightOf(cluster, victim);
      await reaches(victim, rejoined + 3, 3 * HEIGHT_MS);
    }
    const { ids } = await commonBlock(cluster);
    expect(new Set(ids).size).toBe(1);
  } finally {
    await cluster.close();
  }
}, 300_000);
