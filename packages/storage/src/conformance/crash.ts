/** Points 3 and 7 across processes: kill the writer, look at what is left. */
import type { StorageEngine } from "../engine.ts";
import { assert, assertEntries, dump } from "./assert.ts";
import { COUNT, countOf, crashCommit } from "./child.ts";
import type {
  ConformanceChild,
  ConformanceHarness,
  StorageFactory,
  StorePlace,
} from "./harness.ts";
import { Model } from "./model.ts";
import { forkAt, nextLine } from "./parent.ts";
import { type Random, randomFrom } from "./random.ts";

declare function setTimeout(callback: () => void, milliseconds: number): unknown;

export function crashTests(
  harness: ConformanceHarness,
  factory: StorageFactory,
  seed: number,
  kills: number,
): void {
  const title = `is at a whole commit, none announced lost, after each of ${kills} kills, seed ${seed}`;
  if (factory.persistence === "process") {
    harness.inapplicable(title, "the content is gone with the process");
    return;
  }
  harness.it(title, async () => {
    const place = await factory.create();
    try {
      await killAndLook(place, seed, kills);
    } finally {
      await place.remove();
    }
  });
}

async function killAndLook(place: StorePlace, seed: number, kills: number): Promise<void> {
  const random = randomFrom(seed);
  const model = new Model();
  let count = 0;
  let interrupted = 0;
  let next = forkAt(place);
  try {
    for (let kill = 0; kill < kills; kill++) {
      const child = next;
      const announced = await runAndKill(child, random, seed);
      // Started early: the next child is ready when the look at this one's remains is over.
      next = forkAt(place);
      await withOpen(place, async (store) => {
        const found = countOf(await store.get(COUNT));
        const what = `kill ${kill}`;
        assert(found >= announced, `${what}: commit ${announced} was announced, ${found} is there`);
        assert(found >= count, `${what}: went back from ${count} to ${found}`);
        if (found > Math.max(announced, count)) interrupted++;
        for (; count < found; count++) model.apply(crashCommit(seed, count + 1));
        assertEntries(await dump(store), model.entries(), `${what}, commit ${found}`);
      });
    }
  } finally {
    await next.kill();
  }
  assert(count > 0, `no commit in ${kills} runs, ${interrupted} unannounced`);
}

/** @returns the last commit that the child announced, 0 when it came to none */
async function runAndKill(child: ConformanceChild, random: Random, seed: number): Promise<number> {
  const lines = child.lines[Symbol.asyncIterator]();
  let announced = 0;
  const take = (line: string): void => {
    assert(!line.startsWith("failed"), `the child: ${line}`);
    if (line.startsWith("committed ")) announced = Number(line.slice("committed ".length));
  };
  try {
    assert((await nextLine(lines)) === "ready", "the child did not start");
    child.send(`write ${seed}`);
    // Lines seen before the blow: none hits the opening, one the first commit, more a later one.
    for (let wait = random.below(6); wait > 0; wait--) {
      const line = await nextLine(lines);
      assert(line !== undefined, "the child ended by itself");
      take(line);
    }
    const microseconds = random.below(6000);
    await new Promise<void>((resolve) => setTimeout(resolve, microseconds / 1000));
  } finally {
    await child.kill();
  }
  for (let line = await nextLine(lines); line !== undefined; line = await nextLine(lines))
    take(line);
  return announced;
}

async function withOpen(
  place: StorePlace,
  body: (store: StorageEngine) => Promise<void>,
): Promise<void> {
  const store = await place.open();
  try {
    await body(store);
  } finally {
    await store.close();
  }
}
