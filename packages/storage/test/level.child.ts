import { serveConformanceChild } from "../src/conformance-node/index.ts";
import type { StorageEngine } from "../src/index.ts";
import { openLevel } from "../src/level/index.ts";

const pause = () => new Promise((resolve) => setTimeout(resolve, 4));

/** Two ways to be wrong that only a killed process shows; the suite must notice them. */
const faults: Record<string, (store: StorageEngine) => StorageEngine["batch"]> = {
  "torn-batch": (store) => async (operations, options) => {
    await store.batch(operations.slice(0, 50), options);
    await pause();
    await store.batch(operations.slice(50), options);
  },
  "announced-too-early": (store) => async (operations, options) => {
    void pause().then(() => store.batch(operations, options));
  },
};

const [, , path = "", fault = ""] = process.argv;

await serveConformanceChild(async () => {
  const store = await openLevel(path);
  const batch = faults[fault]?.(store);
  if (batch === undefined) return store;
  return new Proxy(store, {
    get(target, name) {
      if (name === "batch") return batch;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
});
