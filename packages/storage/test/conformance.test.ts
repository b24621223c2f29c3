/** Does the suite notice a wrong engine? Each engine here is right but for one thing. */
import { describe, expect, it } from "vitest";
import { runStorageConformance, type StorageFactory } from "../src/conformance/index.ts";
import {
  type BatchOperation,
  type BatchOptions,
  boundsOf,
  checkBatch,
  compareBytes,
  type Entry,
  type KeyRange,
  openMemory,
  type Snapshot,
  type StorageCapabilities,
  type StorageEngine,
} from "../src/index.ts";
import { levelFactory } from "./level.factory.ts";

interface Outcome {
  readonly failed: readonly string[];
  readonly inapplicable: readonly string[];
  readonly passed: number;
}

/** Runs the suite without a test runner; only tests whose title contains `part`. */
async function run(factory: StorageFactory, part = "", kills = 10): Promise<Outcome> {
  const tests: [string, () => Promise<void>][] = [];
  const inapplicable: string[] = [];
  runStorageConformance(
    factory,
    {
      describe: (_, body) => body(),
      it: (name, body) => void tests.push([name, body]),
      inapplicable: (name) => void inapplicable.push(name),
      warn: () => {},
    },
    { kills },
  );
  const failed: string[] = [];
  const chosen = tests.filter(([name]) => name.includes(part));
  for (const [name, body] of chosen) {
    try {
      await body();
    } catch {
      failed.push(name);
    }
  }
  return { failed, inapplicable, passed: chosen.length - failed.length };
}

/** Hands everything on. */
class Sound implements StorageEngine {
  readonly inner: StorageEngine;
  constructor(inner: StorageEngine) {
    this.inner = inner;
  }
  get capabilities(): StorageCapabilities {
    return this.inner.capabilities;
  }
  open(): Promise<void> {
    return this.inner.open();
  }
  close(): Promise<void> {
    return this.inner.close();
  }
  get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.inner.get(key);
  }
  getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return this.inner.getMany(keys);
  }
  iterate(range?: KeyRange): AsyncIterable<Entry> {
    return this.inner.iterate(range);
  }
  batch(operations: readonly BatchOperation[], options: BatchOptions): Promise<void> {
    return this.inner.batch(operations, options);
  }
  snapshot(): Promise<Snapshot> {
    return this.inner.snapshot();
  }
}

async function* list(entries: Iterable<Entry>): AsyncGenerator<Entry, void, undefined> {
  yield* entries;
}

async function collect(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

const signed = (a: Uint8Array, b: Uint8Array) =>
  compareBytes(
    a.map((byte) => byte ^ 0x80),
    b.map((byte) => byte ^ 0x80),
  );

const pause = () => new Promise((resolve) => setTimeout(resolve, 0));

/** What is wrong, and a part of the title of a test that must notice. */
const faults: Record<string, [string, new (inner: StorageEngine) => StorageEngine]> = {
  "gives nothing for an empty value": [
    "empty value",
    class extends Sound {
      override async get(key: Uint8Array) {
        const value = await super.get(key);
        return value?.length === 0 ? undefined : value;
      }
    },
  ],
  "hands out its own array": [
    "copies bytes",
    class extends Sound {
      readonly #seen = new Map<string, Uint8Array>();
      override async get(key: Uint8Array) {
        const fresh = await super.get(key);
        const kept = this.#seen.get(String(key));
        if (fresh === undefined || kept !== undefined) return kept;
        this.#seen.set(String(key), fresh);
        return fresh;
      }
      override batch(operations: readonly BatchOperation[], options: BatchOptions) {
        this.#seen.clear();
        return super.batch(operations, options);
      }
    },
  ],
  "reads the caller's arrays later": [
    "copies bytes",
    class extends Sound {
      override async batch(operations: readonly BatchOperation[], options: BatchOptions) {
        await pause();
        return super.batch(operations, options);
      }
    },
  ],
  "gives Node buffers": [
    "puts, gets",
    class extends Sound {
      override async get(key: Uint8Array) {
        const value = await super.get(key);
        return value && Buffer.from(value);
      }
    },
  ],
  "takes long keys": [
    "256 bytes",
    class extends Sound {
      override async get(key: Uint8Array) {
        return key.length > 255 ? undefined : super.get(key);
      }
    },
  ],
  "writes before it checks": [
    "16 MiB",
    class extends Sound {
      override async batch(operations: readonly BatchOperation[], options: BatchOptions) {
        for (const operation of operations) await super.batch([operation], options);
      }
    },
  ],
  "checks expectations, then waits, then writes": [
    "exactly one of two",
    class extends Sound {
      override async batch(operations: readonly BatchOperation[], options: BatchOptions) {
        await super.batch([], options);
        checkBatch(operations, this.capabilities.maxBatchBytes);
        const copy = structuredClone(operations);
        await pause();
        return super.batch(copy, { sync: options.sync });
      }
    },
  ],
  "forgets an expectation of absence": [
    "every expectation",
    class extends Sound {
      override batch(operations: readonly BatchOperation[], options: BatchOptions) {
        const expect = options.expect?.filter(({ value }) => value !== undefined);
        return super.batch(operations, { ...options, expect });
      }
    },
  ],
  "lets the first of several operations win": [
    "last of several",
    class extends Sound {
      override batch(operations: readonly BatchOperation[], options: BatchOptions) {
        return super.batch([...operations].reverse(), options);
      }
    },
  ],
  "overtakes: small batches before large ones": [
    "order of the calls, awaited",
    class extends Sound {
      override async batch(operations: readonly BatchOperation[], options: BatchOptions) {
        const copy = structuredClone(operations);
        if (copy.length > 100) await pause();
        return super.batch(copy, options);
      }
    },
  ],
  "compares signed bytes": [
    "unsigned bytes",
    class extends Sound {
      override iterate(range: KeyRange = {}) {
        const reverse = range.reverse ? -1 : 1;
        const sorted = async () => {
          const all = await collect(super.iterate({ ...range, limit: undefined }));
          return all.sort(([a], [b]) => reverse * signed(a, b)).slice(0, range.limit);
        };
        return (async function* () {
          yield* list(await sorted());
        })();
      }
    },
  ],
  "includes gt": [
    "every combination",
    class extends Sound {
      override iterate(range: KeyRange = {}) {
        const { lower } = boundsOf(range);
        return super.iterate({ ...range, gt: undefined, gte: lower?.key });
      }
    },
  ],
  "ignores a stricter second bound": [
    "every combination",
    class extends Sound {
      override iterate(range: KeyRange = {}) {
        return super.iterate(range.lte && range.lt ? { ...range, lt: undefined } : range);
      }
    },
  ],
  "limits before it turns around": [
    "every combination",
    class extends Sound {
      override iterate(range: KeyRange = {}) {
        if (!range.reverse || range.limit === undefined) return super.iterate(range);
        const first = () => collect(super.iterate({ ...range, reverse: false }));
        return (async function* () {
          yield* list((await first()).reverse());
        })();
      }
    },
  ],
  "gives the store itself as a snapshot": [
    "keeps a snapshot",
    class extends Sound {
      override async snapshot() {
        await (await super.snapshot()).close();
        return Object.assign(Object.create(this), { close: async () => {} });
      }
    },
  ],
  "iterates over the store as it is": [
    "what was there when it began",
    class extends Sound {
      override iterate(range: KeyRange = {}) {
        const { reverse = false, limit = Number.POSITIVE_INFINITY } = boundsOf(range);
        const from = (rest: KeyRange) => super.iterate(rest);
        return (async function* () {
          let rest: KeyRange = range;
          for (let count = 0; count < limit; count++) {
            const [entry] = await collect(from({ ...rest, limit: 1 }));
            if (entry === undefined) return;
            rest = { ...range, [reverse ? "lt" : "gt"]: entry[0] };
            yield entry;
          }
        })();
      }
    },
  ],
  "reads after close": [
    "store-closed to everything",
    class extends Sound {
      readonly #last = new Map<string, Uint8Array | undefined>();
      override async get(key: Uint8Array) {
        try {
          const value = await super.get(key);
          this.#last.set(String(key), value);
          return value;
        } catch (error) {
          if (key.length > 0 && key.length < 256) return this.#last.get(String(key));
          throw error;
        }
      }
    },
  ],
  "forgets what was not synced": [
    "not synced",
    class extends Sound {
      #synced: Entry[] = [];
      override async batch(operations: readonly BatchOperation[], options: BatchOptions) {
        await super.batch(operations, options);
        if (options.sync) this.#synced = await collect(super.iterate());
      }
      override async close() {
        const present = await collect(super.iterate()).catch(() => []);
        const del = present.map(([key]): BatchOperation => ({ type: "del", key }));
        const put = this.#synced.map(
          ([key, value]): BatchOperation => ({ type: "put", key, value }),
        );
        await super.batch([...del, ...put], { sync: true }).catch(() => {});
        return super.close();
      }
    },
  ],
};

const factoryOf = (Engine: new (inner: StorageEngine) => StorageEngine): StorageFactory => ({
  name: "wrapped",
  persistence: "process",
  create: async () => ({
    // A small limit, so that the batch above it costs no 128 MiB a time.
    open: async () => new Engine(await openMemory({ maxBatchBytes: 17 * 2 ** 20 })),
    remove: async () => {},
  }),
});

describe("the suite", () => {
  it("passes an engine that is right, and says what does not apply", async () => {
    const { failed, inapplicable, passed } = await run(factoryOf(Sound));
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(30);
    expect(inapplicable).toHaveLength(3);
  });

  it.each(Object.entries(faults))("fails an engine that %s", async (_, [part, Engine]) => {
    const { failed } = await run(factoryOf(Engine), part);
    expect(failed).toHaveLength(1);
  });

  it.each(["torn-batch", "announced-too-early"])("fails an engine with %s", async (fault) => {
    const { failed } = await run(await levelFactory(fault), "none announced lost");
    expect(failed).toHaveLength(1);
  });

  it("warns of an engine below the floor of speed, and passes it", async () => {
    const warnings: string[] = [];
    const tests: (() => Promise<void>)[] = [];
    class Slow extends Sound {
      override async batch(operations: readonly BatchOperation[], options: BatchOptions) {
        clock += 6000;
        return super.batch(operations, options);
      }
    }
    let clock = 0;
    const now = performance.now.bind(performance);
    performance.now = () => now() + clock;
    try {
      runStorageConformance(factoryOf(Slow), {
        describe: (_, body) => body(),
        it: (name, body) => void (name.includes("warns when slow") && tests.push(body)),
        inapplicable: () => {},
        warn: (message) => void warnings.push(message),
      });
      for (const body of tests) await body();
    } finally {
      performance.now = now;
    }
    expect(warnings).toEqual([
      expect.stringMatching(/^wrapped: a batch of 10000 puts took \d+ ms/),
    ]);
  });
});
