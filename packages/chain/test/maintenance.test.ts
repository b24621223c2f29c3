import { toHex } from "@bystack/butxo";
import { openMemory, type StorageEngine } from "@bystack/storage";
import { describe, expect, it } from "vitest";
import { checkStore, repairStore, storeStats } from "../src/index.ts";
import { allOutputs, blockKey, REPAIR_KEY, statusKey } from "../src/store/layout.ts";
import {
  type Branch,
  extend,
  extendMany,
  feed,
  genesisBranch,
  last,
  params,
  soloChain,
} from "./kit.ts";
import { randomTransactions } from "./random-transactions.ts";

const branches = extendMany(genesisBranch(), 5);
for (let i = 0; i < 6; i++) {
  const tip = last(branches);
  branches.push(extend(tip, randomTransactions(tip, 3, i)));
}
const side = extendMany(branches[3] ?? genesisBranch(), 9, "side");

async function filled(): Promise<StorageEngine> {
  const storage = await openMemory();
  const chain = await soloChain({ storage });
  await feed(chain, [...branches, ...side.slice(0, 5)]);
  return storage;
}

async function digestAt(branch: readonly Branch[]): Promise<string> {
  const chain = await soloChain();
  await feed(chain, branch);
  return toHex((await chain.utxoDigest()).digest);
}

/** Opens what was repaired, and goes on to where it was. */
async function reopened(storage: StorageEngine): Promise<{ height: bigint; digest: string }> {
  const chain = await soloChain({ storage });
  const { height } = chain.tip;
  expect(toHex((await chain.utxoDigest()).digest)).toBe(
    await digestAt(branches.slice(0, Number(height))),
  );
  await feed(chain, branches);
  return { height, digest: toHex((await chain.utxoDigest()).digest) };
}

describe("checkStore and repairStore", () => {
  it("find nothing in a good store, also after a reorganization", async () => {
    const storage = await filled();
    expect(await checkStore({ storage, params })).toEqual([]);
    const chain = await soloChain({ storage });
    await feed(chain, side);
    expect(chain.tip.height).toBe(13n);
    expect(await checkStore({ storage, params })).toEqual([]);
    expect(await repairStore({ storage, params })).toEqual([]);
    expect((await soloChain({ storage })).tip.height).toBe(13n);
  });

  it("make the records of outputs what the blocks say", async () => {
    const storage = await filled();
    const rows: Uint8Array[] = [];
    for await (const [key] of storage.iterate(allOutputs())) rows.push(key);
    const [first, second, third] = rows;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error("no outputs");
    await storage.batch(
      [
        { type: "del", key: first },
        { type: "put", key: second, value: Uint8Array.of(8, 1, 24, 1) },
        { type: "put", key: third, value: Uint8Array.of(255) },
      ],
      { sync: true },
    );
    expect(await checkStore({ storage, params })).toHaveLength(3);
    expect(await repairStore({ storage, params })).toHaveLength(3);
    expect(await checkStore({ storage, params })).toEqual([]);
    expect(await reopened(storage)).toEqual({ height: 11n, digest: await digestAt(branches) });
  });

  it.each([
    ["block", (hash: Uint8Array) => blockKey(hash)],
    ["statuses", (hash: Uint8Array) => statusKey(hash)],
  ])("go back below a block whose %s are lost", async (_, keyOf) => {
    const storage = await filled();
    const hash = branches[7]?.node.hash ?? new Uint8Array();
    await storage.batch([{ type: "del", key: keyOf(hash) }], { sync: true });
    expect(await checkStore({ storage, params })).toMatchObject([{ height: 8n }]);
    expect((await repairStore({ storage, params }))[0]).toMatchObject({ height: 8n });
    expect(await reopened(storage)).toMatchObject({ height: 7n });
  });

  it("keep the store closed while a repair is not through", async () => {
    const storage = await filled();
    await storage.batch([{ type: "put", key: REPAIR_KEY, value: new Uint8Array() }], {
      sync: true,
    });
    await expect(soloChain({ storage })).rejects.toMatchObject({ code: "store-damaged" });
    await repairStore({ storage, params });
    expect((await soloChain({ storage })).tip.height).toBe(11n);
  });

  it("cannot make a store of nothing", async () => {
    const storage = await openMemory();
    await expect(repairStore({ storage, params })).rejects.toMatchObject({ code: "store-damaged" });
  });
});

it("counts what lies in a store", async () => {
  const { tip, network, rows } = await storeStats({ storage: await filled(), params });
  expect(tip?.height).toBe(11n);
  expect(network).toBe("solonet");
  expect(rows.block.count).toBe(17);
  expect(rows.header.count).toBe(17);
  expect(rows.status.count).toBe(17);
  expect(rows.output.count).toBeGreaterThan(10);
  expect(rows.other.count).toBe(2);
});
