import { expect, it } from "vitest";
import { startCluster, until } from "./kv-cluster.ts";

const heightOf = async (
  cluster: Awaited<ReturnType<typeof startCluster>>,
  index: number,
): Promise<number> => Number((await cluster.status(index))?.height ?? -1);

it("four processes agree, survive kill -9 of any one and of the leader, and take it back", async () => {
  const cluster = await startCluster({ m: 2, blockIntervalMs: 20, viewTimeoutMs: 400 });
  try {
    await until(
      () => heightOf(cluster, 3),
      (height) => height >= 5,
    );
    await until(() => cluster.put(0, "a", "1"), Boolean);
    await until(
      () => cluster.get(3, "a"),
      (value) => value === "1",
    );

    const leader = (await cluster.status(0))?.leader ?? 0;
    for (const victim of [leader, (leader + 1) % 4]) {
      const witness = (victim + 2) % 4;
      await cluster.kill(victim);
      const before = await heightOf(cluster, witness);
      await until(
        () => heightOf(cluster, witness),
        (height) => height >= before + 4,
      );
      await until(() => cluster.put(witness, `while-${victim}`, "down"), Boolean);
      await until(
        () => cluster.get(witness, `while-${victim}`),
        (value) => value === "down",
      );
      cluster.start(victim);
      await until(
        () => cluster.get(victim, `while-${victim}`),
        (value) => value === "down",
      );
      const rejoined = await heightOf(cluster, victim);
      await until(
        () => heightOf(cluster, victim),
        (height) => height >= rejoined + 3,
      );
    }
    // The digest runs over all blocks: equal heights, equal digests.
    const [mine, theirs] = await until(
      () => Promise.all([cluster.status(0), cluster.status(3)]),
      ([a, b]) => a !== undefined && a.height === b?.height,
    );
    expect(mine?.digest).toBe(theirs?.digest);
  } finally {
    await cluster.close();
  }
}, 300_000);
