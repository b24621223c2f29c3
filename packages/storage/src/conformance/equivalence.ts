import { openMemory } from "../memory.ts";
import { assertEntries, assertRejects, dump, withStore } from "./assert.ts";
import { GeneratedChain } from "./chain.ts";
import type { ConformanceHarness, StorageFactory } from "./harness.ts";
import { randomFrom } from "./random.ts";

const BLOCKS = 200;
const REORGANIZATION_EVERY = 10;

export function equivalenceTests(
  { it }: ConformanceHarness,
  factory: StorageFactory,
  seed: number,
): void {
  it(`equals the memory engine through ${BLOCKS} blocks and 20 reorganizations, seed ${seed}`, () =>
    withStore(factory, async (store) => {
      const reference = await openMemory();
      const chain = new GeneratedChain(randomFrom(seed));
      for (let i = 1; i <= BLOCKS; i++) {
        const commits = [chain.extend()];
        if (i % REORGANIZATION_EVERY === 0) commits.push(chain.reorganize());
        for (const { operations, options } of commits) {
          await store.batch(operations, options);
          await reference.batch(operations, options);
          assertEntries(await dump(store), await dump(reference), `after commit ${i}`);
          await assertRejects(
            store.batch(operations, options),
            "store-conflict",
            `commit ${i} once more, its tip is no longer the tip`,
          );
        }
      }
    }));
}
