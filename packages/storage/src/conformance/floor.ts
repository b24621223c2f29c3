/** Point 8: a floor for speed. Below it the suite warns; a busy machine must not fail a test. */
import { assert, withStore } from "./assert.ts";
import type { ConformanceHarness, StorageFactory } from "./harness.ts";
import { randomFrom } from "./random.ts";

declare const performance: { now(): number };

const ROWS = 10_000;
const PUT_MS = 5000;
const GET_MS = 2000;

export function floorTests({ it, warn }: ConformanceHarness, factory: StorageFactory): void {
  it(`writes ${ROWS} rows in one batch and reads them by one getMany (warns when slow)`, () =>
    withStore(factory, async (store) => {
      const random = randomFrom(8);
      const keys = Array.from({ length: ROWS }, () => random.bytes(32));
      const value = random.bytes(100);
      const start = performance.now();
      await store.batch(
        keys.map((key) => ({ type: "put", key, value })),
        { sync: true },
      );
      const written = performance.now();
      const values = await store.getMany(keys);
      const read = performance.now();
      assert(
        values.every((found) => found?.length === value.length),
        "every row is there",
      );
      const slow = (what: string, milliseconds: number, floor: number): void => {
        if (milliseconds > floor)
          warn(`${factory.name}: ${what} took ${Math.round(milliseconds)} ms, floor ${floor} ms`);
      };
      slow(`a batch of ${ROWS} puts`, written - start, PUT_MS);
      slow(`getMany of ${ROWS}`, read - written, GET_MS);
    }));
}
