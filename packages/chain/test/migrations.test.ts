import { toHex } from "@bystack/butxo";
import { openMemory, type StorageEngine, StorageError } from "@bystack/storage";
import { describe, expect, it } from "vitest";
import { FORMAT_KEY } from "../src/store/layout.ts";
import { MIGRATIONS, type Migration, migrate } from "../src/store/migrations.ts";
import { decodeFormat, encodeFormat, FORMAT_VERSION } from "../src/store/status.ts";
import { extendMany, feed, genesisBranch, params, soloChain, wrapped } from "./kit.ts";

const main = extendMany(genesisBranch(), 12);
const key = (text: string) => new TextEncoder().encode(text);
const put = (name: string, value: string) =>
  ({ type: "put", key: key(name), value: key(value) }) as const;
const first = { version: 1, network: "solonet", genesisHash: new Uint8Array(32).fill(7) };

async function versionOf(storage: StorageEngine): Promise<number | undefined> {
  const bytes = await storage.get(FORMAT_KEY);
  return bytes && decodeFormat(bytes).version;
}

async function textAt(storage: StorageEngine, name: string): Promise<string | undefined> {
  const bytes = await storage.get(key(name));
  return bytes && new TextDecoder().decode(bytes);
}

/** Each step needs what the one before has written. */
const steps: Migration[] = [1, 2, 3].map((from) => ({
  from,
  async operations(store) {
    const before = await store.get(key("trace"));
    return [put("trace", `${before && new TextDecoder().decode(before)}${from}`)];
  },
}));

async function oldStore(): Promise<StorageEngine> {
  const storage = await openMemory();
  await storage.batch(
    [put("trace", "0"), { type: "put", key: FORMAT_KEY, value: encodeFormat(first) }],
    { sync: true },
  );
  return storage;
}

describe("migrate", () => {
  it("takes a store through all versions in order", async () => {
    const storage = await oldStore();
    expect(await migrate(storage, first, steps)).toEqual({ ...first, version: 4 });
    expect(await versionOf(storage)).toBe(4);
    expect(await textAt(storage, "trace")).toBe("0123");
    // Nothing is left to do.
    expect((await migrate(storage, { ...first, version: 4 }, steps)).version).toBe(4);
    expect(await textAt(storage, "trace")).toBe("0123");
  });

  it("goes on after it was cut off between any two batches", async () => {
    for (let written = 0; written <= 3; written++) {
      const storage = await oldStore();
      let left = written;
      const dying = wrapped(storage, {
        async batch(operations, options) {
          if (left-- === 0) throw new StorageError("store-unavailable");
          return storage.batch(operations, options);
        },
      });
      const cut = migrate(dying, first, steps);
      if (written < 3) await expect(cut).rejects.toMatchObject({ code: "store-unavailable" });
      else await cut;
      expect(await versionOf(storage)).toBe(1 + written);
      expect(await textAt(storage, "trace")).toBe("0123".slice(0, written + 1));
      const format = decodeFormat((await storage.get(FORMAT_KEY)) ?? new Uint8Array());
      await migrate(storage, format, steps);
      expect(await versionOf(storage)).toBe(4);
      expect(await textAt(storage, "trace")).toBe("0123");
    }
  });

  it("writes nothing when somebody else was first", async () => {
    const storage = await oldStore();
    await migrate(storage, first, steps.slice(0, 1));
    await expect(migrate(storage, first, steps)).rejects.toMatchObject({ code: "store-conflict" });
    expect(await textAt(storage, "trace")).toBe("01");
  });
});

describe("openChain", () => {
  it("has a way from every version to today's", () => {
    expect(MIGRATIONS.map(({ from }) => from)).toEqual(
      Array.from({ length: FORMAT_VERSION }, (_, version) => version),
    );
  });

  it("brings up to date what earlier versions and the original node wrote", async () => {
    for (const version of [0, 1]) {
      const storage = await openMemory();
      const chain = await soloChain({ storage }, { segmentBlocks: 4 });
      await feed(chain, main);
      const digest = await chain.utxoDigest();
      const today = (await storage.get(FORMAT_KEY)) ?? new Uint8Array();
      const format = { ...decodeFormat(today), version };
      // Neither has rows of the tree; the original node has no row of the format.
      for await (const [row] of storage.iterate({ gte: key("bystack:"), lt: key("bystack;") }))
        await storage.batch([{ type: "del", key: row }], { sync: true });
      if (version === 1)
        await storage.batch([{ type: "put", key: FORMAT_KEY, value: encodeFormat(format) }], {
          sync: true,
        });
      const again = await soloChain({ storage });
      expect(toHex(again.tip.hash)).toBe(toHex(chain.tip.hash));
      expect(await again.utxoDigest()).toEqual(digest);
      expect(await storage.get(FORMAT_KEY)).toEqual(today);
    }
  });

  it("takes no directory of the original node for another network's", async () => {
    const storage = await openMemory();
    await feed(await soloChain({ storage }), main);
    await storage.batch([{ type: "del", key: FORMAT_KEY }], { sync: true });
    const other = { ...params, genesisNonce: 1n };
    await expect(soloChain({ storage, params: other })).rejects.toMatchObject({
      code: "store-of-another-network",
    });
    expect(await versionOf(storage)).toBeUndefined();
  });

  it("leaves a newer store as it is and says what to do", async () => {
    const storage = await openMemory();
    await feed(await soloChain({ storage }), main);
    const format = decodeFormat((await storage.get(FORMAT_KEY)) ?? new Uint8Array());
    const newer = encodeFormat({ ...format, version: FORMAT_VERSION + 1 });
    await storage.batch([{ type: "put", key: FORMAT_KEY, value: newer }], { sync: true });
    await expect(soloChain({ storage })).rejects.toThrow(/open it with that version/);
    expect(await storage.get(FORMAT_KEY)).toEqual(newer);
  });
});
