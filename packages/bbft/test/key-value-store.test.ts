import { appendFileSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ask } from "../src/example/ask.ts";
import { fetchDecisions } from "../src/example/fetch-decisions.ts";
import { openKeyValueStore, type Write } from "../src/example/key-value-store.ts";
import { createWriteRelay } from "../src/example/write-relay.ts";
import {
  COMMIT,
  type Decision,
  EVIDENCE_TYPE,
  hash,
  offenseId,
  valueIdOf,
  voteBytes,
} from "../src/index.ts";
import { decisionToJson } from "../src/node/index.ts";
import { certificateBy, chainId, secretOf } from "./helpers.ts";
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

const place = { view: 0, lastAppBlockId: chainId, nowMs: 0 };

it("makes no block longer than it is asked for", async () => {
  const store = await open(freshPath());
  for (let count = 0; count < 20; count++) store.submit(write(`${count}`, 0, "x".repeat(1000)));
  for (const maxBytes of [100, 5000, 1_000_000]) {
    const { bytes } = await store.prepare({ ...place, height: 1n, maxBytes });
    expect(bytes.length).toBeLessThanOrEqual(maxBytes);
    const { writes } = JSON.parse(new TextDecoder().decode(bytes));
    expect(writes).toHaveLength(Math.min(20, Math.floor(maxBytes / 1050)));
  }
  await store.close();
});

it("takes no write that fits in no block, for its length or for its height", async () => {
  const store = await open(freshPath());
  expect(store.submit(write("long", 0, "x".repeat(20_000)))).toBe(false);
  expect(store.submit(write("far", 1_000_000, "1"))).toBe(false);
  expect(store.submit(write("past", -2 * EPOCH_LENGTH, "1"))).toBe(false);
  // Somebody a little ahead took this one in.
  expect(store.submit(write("near", 5, "1"))).toBe(true);
  expect(store.submit(write("here", 0, "1"))).toBe(true);
  for (let height = 1; height <= 2 * EPOCH_LENGTH; height++)
    await store.commit(decisionOf(height, []), []);
  // Dropped for its age, though it came behind one that still has time.
  expect([store.isPending("near"), store.isPending("here")]).toEqual([true, false]);
  await store.close();
});

it("commits a height once, also when it is asked again while it does", async () => {
  const path = freshPath();
  const store = await open(path);
  const decision = decisionOf(1, [write("a", 0, "1")]);
  await Promise.all([store.commit(decision, []), store.commit(decision, [])]);
  const { digest } = store;
  await store.close();
  expect(readFileSync(path, "utf8").split("\n")).toHaveLength(2);
  const again = await open(path);
  expect([again.height, again.digest]).toEqual([1n, digest]);
  await again.close();
});

/** A process that answers every request with the same. */
async function answering(body: string | Uint8Array): Promise<{ port: number; close(): void }> {
  const server = createServer((_request, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { port, close: () => server.close() };
}

it("fetches a decision from who has it, past those who answer with something else", async () => {
  const contextOf = (epoch: bigint) => createContext({ ...validators, epoch });
  const unproven = decisionOf(1, []);
  const { proof } = unproven;
  const { valueId } = proof.certificate;
  const message = voteBytes(COMMIT, chainId, { epoch: 0n, height: 1n, view: 0 }, valueId);
  const signature = scheme.combine(
    [0, 1, 2].map((signer) => ({
      signers: [signer],
      signature: scheme.sign(secretOf(signer), message),
    })),
  );
  const certificate = { ...proof.certificate, view: 0, signature };
  const proven: Decision = { ...unproven, proof: { ...proof, certificate } };
  const other = { ...proven, body: { ...proven.body, appBlock: Uint8Array.of(1) } };
  const answers = [
    ...["no JSON", "[]", JSON.stringify(decisionToJson(unproven))],
    ...[other, { ...proven, height: 2n }, proven].map((one) => JSON.stringify(decisionToJson(one))),
  ];
  const servers = await Promise.all(answers.map(answering));
  const ports = servers.map(({ port }) => port);
  const found: Decision[] = [];
  for await (const decision of fetchDecisions(ports, 1n, chainId, contextOf)) found.push(decision);
  expect(found).toEqual([proven]);
  for (const server of servers) server.close();
});

it("an answer without end is none", async () => {
  const server = await answering(new Uint8Array(41 * 1024 * 1024));
  expect(await ask(server.port, "/", 60_000)).toBeUndefined();
  server.close();
});
