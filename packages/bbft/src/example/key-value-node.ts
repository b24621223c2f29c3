/// <reference types="node" />
/**
 * One process of the key-value example: `node key-value-node.js config.json`.
 *
 * HTTP: `PUT /kv/<key>` with the value as body, `GET /kv/<key>`, `GET /status`, `GET /status/<height>`
 * (latencies from there on), `GET /memory`;
 * between the processes `POST /writes` and `GET /decisions/<height>`.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { hexToBytes } from "@noble/hashes/utils.js";
import { createEpochContext, type EpochContext } from "../core/epoch-context.ts";
import { BbftError } from "../error.ts";
import { BbftNode } from "../host/bbft-node.ts";
import { createLocalSigner } from "../host/memory.ts";
import { beginLog } from "../host/node-log.ts";
import { systemClock } from "../node/clock.ts";
import { createNodeEd25519 } from "../node/ed25519.ts";
import { openFileWal } from "../node/file-wal.ts";
import { listenTcp } from "../node/tcp/transport.ts";
import { DEFAULT_PARAMETERS, type Parameters } from "../parameters.ts";
import { hash } from "../signing.ts";
import { groupValidators } from "../topology/k-medoid.ts";
import { uniformDistances } from "../topology/latency.ts";
import { createElectorate, type ValidatorSet, valsetHash } from "../validator-set.ts";
import { fetchDecisions } from "./fetch-decisions.ts";
import {
  isTooLong,
  type KeyValueStore,
  openKeyValueStore,
  writesFromJson,
} from "./key-value-store.ts";
import { createWriteRelay, type WriteRelay } from "./write-relay.ts";

/** Longest body of a request, bytes. */
const MAX_REQUEST = 8 * 1024 * 1024;
/** Latencies kept for `GET /status`. */
const MAX_LATENCIES = 5000;

interface Config {
  readonly index: number;
  readonly folder: string;
  /** Secrets of all validators: this is an example, each node should hold only its own. */
  readonly secrets: readonly string[];
  readonly ports: readonly number[];
  readonly httpPorts: readonly number[];
  readonly m: number;
  readonly blockIntervalMs: number;
  readonly viewTimeoutMs: number;
  readonly epochLength: number;
}

/** @param isFirstStart the key has never signed: the log begins here */
async function main(path: string, isFirstStart: boolean): Promise<void> {
  const config = JSON.parse(readFileSync(path, "utf8")) as Config;
  const scheme = createNodeEd25519();
  const secrets = config.secrets.map((secret) => hexToBytes(secret));
  const keys = secrets.map((secret) => scheme.publicKey(secret));
  const [own, idKey] = [secrets[config.index], keys[config.index]];
  if (own === undefined || idKey === undefined) throw new RangeError("no such validator");
  const parameters: Parameters = {
    ...DEFAULT_PARAMETERS,
    scheme: scheme.id,
    m: config.m,
    blockIntervalMs: config.blockIntervalMs,
    viewTimeoutMs: config.viewTimeoutMs,
    epochLength: config.epochLength,
  };
  const validators: ValidatorSet = {
    epoch: 0n,
    scheme: scheme.id,
    validators: keys.map((key) => ({ power: 1n, stake: 1n, voteKey: key, idKey: key })),
  };
  const chainId = hash(new TextEncoder().encode("key-value example"));
  const createContext = (set: ValidatorSet): EpochContext => {
    const distances = uniformDistances(keys.length, 5);
    const stake = set.validators.map(() => 1n);
    const excluded = new Set<number>();
    const { topology } = groupValidators({ distances, stake, excluded, m: config.m, fanout: 0 });
    return createEpochContext({
      electorate: createElectorate(set),
      scheme,
      topology,
      parameters,
      distances,
    });
  };
  const contexts = new Map<bigint, EpochContext>();
  const contextOf = (epoch: bigint): EpochContext => {
    const context = contexts.get(epoch) ?? createContext({ ...validators, epoch });
    contexts.set(epoch, context);
    contexts.delete(epoch - 2n);
    return context;
  };
  const others = config.httpPorts.filter((_, index) => index !== config.index);

  const store = await openKeyValueStore({
    path: join(config.folder, "blocks.jsonl"),
    genesisId: chainId,
    validators,
    epochLength: config.epochLength,
    contextOf,
    synchronize: (from) => fetchDecisions(others, from, chainId, contextOf),
  });
  const relay = createWriteRelay(others, (id) => store.isPending(id));
  const identitySign = async (bytes: Uint8Array) => scheme.sign(own, bytes);
  const transport = await listenTcp({
    chainId,
    idKey,
    epoch: 0n,
    valsetHash: valsetHash(validators),
    index: config.index,
    port: config.ports[config.index] ?? 0,
    peers: keys.flatMap((key, index) =>
      index === config.index
        ? []
        : [{ idKey: key, host: "127.0.0.1", port: config.ports[index] ?? 0 }],
    ),
    identity: scheme,
    identitySign,
  });
  const wal = await openFileWal(join(config.folder, "wal.bin"));
  if (isFirstStart) await beginLog(wal);
  const latencies: Latency[] = [];
  let startedAt = 0;
  const node = new BbftNode(
    { chainId, idKey, epochLength: parameters.epochLength, identity: scheme, createContext },
    {
      application: store,
      transport,
      clock: systemClock,
      wal,
      createSigner: (last) =>
        createLocalSigner({ scheme, voteSecret: own, identity: scheme, idSecret: own, last }),
    },
    {
      onView: (_height, view) => {
        if (view === 0) startedAt = performance.now();
      },
      onDecision: ({ height }) => {
        latencies.push({ height, ms: performance.now() - startedAt });
        if (latencies.length > MAX_LATENCIES) latencies.shift();
      },
      onFatal: (error) => {
        console.error(error);
        process.exit(1);
      },
    },
  );
  const server = createServer((request, response) => {
    serve(request, response, { store, node, relay, latencies }).catch(() =>
      response.writeHead(500).end(),
    );
  });
  server.listen(config.httpPorts[config.index], "127.0.0.1");
  await node.start();
}

interface Served {
  readonly store: KeyValueStore;
  readonly node: BbftNode;
  readonly relay: WriteRelay;
  readonly latencies: readonly Latency[];
}

/** From the start of a height until its block is durable. */
interface Latency {
  readonly height: bigint;
  readonly ms: number;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  served: Served,
): Promise<void> {
  const { store, relay } = served;
  const [, kind = "", name = ""] = (request.url ?? "").split("/");
  const reply = (status: number, answer: unknown): void =>
    void response
      .writeHead(status, { "content-type": "application/json" })
      .end(typeof answer === "string" ? answer : JSON.stringify(answer));
  const isGet = request.method === "GET";
  if (isGet && kind === "status") reply(200, statusOf(served, name));
  else if (isGet && kind === "memory") reply(200, memoryInUse());
  else if (isGet && kind === "decisions" && /^\d{1,18}$/.test(name)) {
    const line = store.line(BigInt(name));
    reply(line === undefined ? 404 : 200, line ?? null);
  } else if (isGet && kind === "kv") {
    const value = store.get(decodeURIComponent(name));
    reply(value === undefined ? 404 : 200, JSON.stringify(value ?? null));
  } else if (request.method === "PUT" && kind === "kv") {
    const value = await readText(request);
    if (value === undefined) return reply(413, null);
    const takenAt = Number(store.height);
    const write = { id: randomUUID(), takenAt, key: decodeURIComponent(name), value };
    if (isTooLong(write)) return reply(413, null);
    const isQueued = store.submit(write);
    if (isQueued) relay.send(write);
    reply(isQueued ? 202 : 503, null);
  } else if (request.method === "POST" && kind === "writes") {
    const writes = writesFromJson(JSON.parse((await readText(request)) ?? "null"));
    reply(writes?.every((write) => store.submit(write)) === true ? 202 : 503, null);
  } else reply(404, null);
}

/** @param from the lowest height whose latency counts */
function statusOf({ store, node, latencies }: Served, from: string): unknown {
  const lowest = /^\d{1,18}$/.test(from) ? BigInt(from) : 0n;
  const sorted = latencies
    .filter(({ height }) => height >= lowest)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  const { height, digest } = store;
  const { view, leader } = node;
  const { user, system } = process.cpuUsage();
  return {
    height: `${height}`,
    digest,
    view,
    leader,
    p50: at(0.5),
    p99: at(0.99),
    cpuMs: (user + system) / 1000,
  };
}

/** Bytes; what is garbage is collected first where the process was started with `--expose-gc`. */
function memoryInUse(): { rss: number; heapUsed: number; external: number } {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

/** The body of a request; undefined when it is too long. */
async function readText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    chunks.push(bytes);
    size += bytes.length;
    if (size > MAX_REQUEST) return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}

const [, , configPath, option] = process.argv;
// Whoever started this process over a channel takes it along.
process.on("disconnect", () => process.exit(0));
const isFirstStart = option === "--first-start";
if (configPath === undefined || (option !== undefined && !isFirstStart)) {
  console.error("usage: key-value-node <config.json> [--first-start]");
  process.exit(2);
}
main(configPath, isFirstStart).catch((error: unknown) => {
  // A file that is not there, a log that is empty: the message says it all.
  const isPlain = error instanceof BbftError || (error instanceof Error && "syscall" in error);
  console.error(isPlain ? `error: ${error.message}` : error);
  process.exit(1);
});
