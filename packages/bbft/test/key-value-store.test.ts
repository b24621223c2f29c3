import { appendFileSync, mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openKeyValueStore, type Write } from "../src/example/key-value-store.ts";
import { createWriteRelay } from "../src/example/write-relay.ts";
import { type Decision, EVIDENCE_TYPE, hash, offenseId, valueIdOf } from "../src/index.ts";
import { certificateBy, chainId } from "./helpers.ts";
import { createContext, scheme, validators } from "./host-helpers.ts";

const EPOCH_LENGTH = 10;
const write = (id: string, takenAt: number, value: string): Write => ({
  id,
  takenAt,
  key: "key",
  value,
});

function decisionOf(height: number, writes: readonly Write[]): Decision {
  const appBlock = new TextEncoder().encode(JSON.stringify({ height: `${height}`, writes }));
  const engineData = new Uint8Array(0);
  const [appBlockId, engineHash] = [hash(appBlock), hash(engineData)];
  const valueId = valueIdOf(appBlockId, engineHash);
  const certificate = { ...certificateBy(scheme, 4, [0, 1, 2]), height: BigInt(height), valueId };
  return {
    height: BigInt(height),
    view: 0,
    proof: { certificate, appBlockId, engineHash },
    body: { appBlockId, appBlock, engineData },
  };
}

const open = (path: string) =>
  openKeyValueStore({
    path,
    genesisId: chainId,
    validators,
    epochLength: EPOCH_LENGTH,
    contextOf: (epoch) => createContext({ ...validators, epoch }),
    async *synchronize() {},
  });
const freshPath = () => join(mkdtempSync(join(tmpdir(), "bbft-store-")), "blocks.jsonl");

it("applies a write once, however often it is relayed and whichever blocks hold it", async () => {
  const store = await open(freshPath());
  const [first, second] = [write("a", 0, "1"), write("b", 0, "2")];
  expect([store.submit(first), store.submit(first)]).toEqual([true, true]);
  expect(store.isPending("a")).toBe(true);
  await store.commit(decisionOf(1, [first]), []);
  expect(store.isPending("a")).toBe(false);
  await store.commit(decisionOf(2, [second]), []);
  await store.commit(decisionOf(3, [first]), []);
  expect(store.get("key")).toBe("2");
  // A relay that comes late finds it done; one that comes later still finds it out of date.
  expect(store.submit(first)).toBe(true);
  expect(store.isPending("a")).toBe(false);
  for (let height = 4; height < 2 * EPOCH_LENGTH; height++)
    await store.commit(decisionOf(height, []), []);
  await store.commit(decisionOf(2 * EPOCH_LENGTH, [first]), []);
  expect(store.get("key")).toBe("2");
  await store.close();
});

it("drops a write that found no block within two epochs", async () => {
  const store = await open(freshPath());
  store.submit(write("a", 0, "1"));
  const place = { view: 0, lastAppBlockId: chainId, maxBytes: 1_000_000, nowMs: 0 };
  const { bytes } = await store.prepare({ ...place, height: 1n });
  expect(new TextDecoder().decode(bytes)).toContain('"id":"a"');
  for (let height = 1; height <= 2 * EPOCH_LENGTH; height++)
    await store.commit(decisionOf(height, []), []);
  expect(store.isPending("a")).toBe(false);
  await store.close();
});

it("reads its log again, without the line that a crash cut off", async () => {
  const path = freshPath();
  const store = await open(path);
  await store.commit(decisionOf(1, [write("a", 0, "1")]), []);
  await store.commit(decisionOf(2, [write("b", 1, "2")]), []);
  const { digest } = store;
  await store.close();
  appendFileSync(path, '{"height":"3"');
  const again = await open(path);
  expect([again.height, again.digest, again.get("key")]).toEqual([2n, digest, "2"]);
  await again.commit(decisionOf(3, [write("b", 1, "old")]), []);
  expect(again.get("key")).toBe("2");
  await again.close();
});

it("knows the offenses in its blocks, also after it was opened again", async () => {
  const path = freshPath();
  const store = await open(path);
  const offense = {
    ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2, kind: 1 },
    ...{ epoch: 0n, height: 1n, view: 0 },
  };
  const [known, other] = [offense, { ...offense, view: 1 }].map(offenseId);
  const answers = async (from: typeof store): Promise<unknown[]> =>
    Promise.all([known, other].map((one) => from.hasOffense?.(one ?? chainId)));
  expect(await answers(store)).toEqual([false, false]);
  await store.commit(decisionOf(1, []), [offense]);
  expect(await answers(store)).toEqual([true, false]);
  await store.close();
  const again = await open(path);
  expect(await answers(again)).toEqual([true, false]);
  await again.close();
});

it("relays a write until it arrives, and no longer than it waits for a block", async () => {
  const received: unknown[] = [];
  let failures = 2;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (failures-- > 0) response.writeHead(503).end("null");
      else {
        received.push(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(202).end("null");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const done = new Set(["late"]);
  const relay = createWriteRelay([port], (id) => !done.has(id));
  const [late, kept] = [write("late", 0, "1"), write("kept", 0, "2")];
  relay.send(late);
  relay.send(kept);
  while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(received).toEqual([[kept]]);
  await new Promise((resolve) => server.close(resolve));
});
