import { batchTests } from "./batches.ts";
import { closingTests } from "./closing.ts";
import { crashTests } from "./crash.ts";
import { equivalenceTests } from "./equivalence.ts";
import { exclusionTests } from "./exclusion.ts";
import { floorTests } from "./floor.ts";
import type { ConformanceHarness, ConformanceOptions, StorageFactory } from "./harness.ts";
import { modelTests } from "./model.ts";
import { orderTests } from "./order.ts";
import { snapshotTests } from "./snapshots.ts";
import { valueTests } from "./values.ts";

/**
 * Defines the tests that every storage engine must pass. Call it at the place where tests are
 * defined; it returns when they are, and the runner runs them.
 *
 * @example
 * runStorageConformance(myFactory, {
 *   describe,
 *   it,
 *   inapplicable: (name, reason) => it.skip(`${name}: ${reason}`),
 *   warn: console.warn,
 * });
 *
 * @see spec 94-parallel-validation, section 7.5 "Conformance suite"
 */
export function runStorageConformance(
  factory: StorageFactory,
  harness: ConformanceHarness,
  options: ConformanceOptions = {},
): void {
  const { kills = 50, seed = 1 } = options;
  harness.describe(`${factory.name}: a storage engine`, () => {
    const group = (name: string, define: () => void): void => harness.describe(name, define);
    group("1 keys and values", () => valueTests(harness, factory));
    group("2 order and ranges", () => orderTests(harness, factory, seed));
    group("3 atomic batches", () => batchTests(harness, factory));
    group("4 snapshots and iterations", () => snapshotTests(harness, factory));
    group("5 compare-and-set, one opener", () => exclusionTests(harness, factory));
    group("6 commits and reorganizations", () => {
      equivalenceTests(harness, factory, seed);
      modelTests(harness, factory, seed);
    });
    group("3 and 7 atomic and durable across kills", () =>
      crashTests(harness, factory, seed, kills),
    );
    group("8 speed", () => floorTests(harness, factory));
    group("opening and closing", () => closingTests(harness, factory));
  });
}
