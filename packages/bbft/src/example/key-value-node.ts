/// <reference types="node" />
/**
 * One process of the key-value example: `node key-value-node.js config.json`.
 *
 * HTTP: `PUT /kv/<key>` with the value as body, `GET /kv/<key>`, `GET /status`,
 * `GET /decisions/<height>`.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { hexToBytes } from "@noble/hashes/utils.js";
import { createEpochContext, type EpochContext } from "../core/epoch-context.ts";
import type { Decision } from "../core/events.ts";
import { BbftNode } from "../host/bbft-node.ts";
import { createLocalSigner } from "../host/memory.ts";
import { systemClock } from "../node/clock.ts";
import { createNodeEd25519 } from "../node/ed25519.ts";
import { openFileWal } from "../node/file-wal.ts";
import { type ContextOf, decisionFromJson } from "../node/remote-application.ts";
import { listenTcp } from "../node/tcp-transport.ts";
import { DEFAULT_PARAMETERS, type Parameters } from "../parameters.ts";
import { hash } from "../signing.ts";
import { groupValidators } from "../topology/k-medoid.ts";
import { uniformDistances } from "../topology/latency.ts";
import { createElectorate, type ValidatorSet, valsetHash } from "../validator-set.ts";
import { type KeyValueStore, openKeyValueStore } from "./key-value-store.ts";

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
}

async function main(path: string): Promise<void> {
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
  const contextOf = (epoch: bigint) => createContext({ ...validators, epoch });
  const others = config.httpPorts.filter((_, index) => index !== config.index);

  async function* synchronize(from: bigint): AsyncGenerator<Decision> {
    for (let height = from; ; height++) {
      const found = await fetchDecision(others, height, contextOf);
      if (found === undefined) return;
      yield found;
    }
  }

  const store = await openKeyValueStore({
    path: join(config.folder, "blocks.jsonl"),
    genesisId: chainId,
    validators,
    contextOf,
    synchronize,
  });
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
  const latencies: number[] = [];
  let startedAt = 0;
  const node = new BbftNode(
    { chainId, idKey, epochLength: parameters.epochLength, identity: scheme, createContext },
    {
      application: store,
      transport,
      clock: systemClock,
      wal: await openFileWal(join(config.folder, "wal.bin")),
      createSigner: (last) =>
        createLocalSigner({ scheme, voteSecret: own, identity: scheme, idSecret: own, last }),
    },
    {
      onView: (_height, view) => {
        if (view === 0) startedAt = performance.now();
      },
      onDecision: () => {
        latencies.push(performance.now() - startedAt);
        if (latencies.length > 1000) latencies.shift();
      },
      onFatal: (error) => {
        console.error(error);
        process.exit(1);
      },
    },
  );
  const server = createServer((request, response) => {
    serve(request, response, store, node, latencies).catch(() => response.writeHead(500).end());
  });
  server.listen(config.httpPorts[config.index], "127.0.0.1");
  await node.start();
}

async function fetchDecision(
  ports: readonly number[],
  height: bigint,
  contextOf: ContextOf,
): Promise<Decision | undefined> {
  for (const port of ports) {
    try {
      const reply = await fetch(`http://127.0.0.1:${port}/decisions/${height}`);
      if (reply.ok) return decisionFromJson(await reply.json(), contextOf);
    } catch {
      // That node is down; the next one may have it.
    }
  }
  return undefined;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  store: KeyValueStore,
  node: BbftNode,
  latencies: readonly number[],
): Promise<void> {
  const [, kind = "", name = ""] = (request.url ?? "").split("/");
  const reply = (status: number, body: string): void =>
    void response.writeHead(status, { "content-type": "application/json" }).end(body);
  if (kind === "status") {
    const sorted = [...latencies].sort((a, b) => a - b);
    const { height, digest } = store;
    const { view, leader } = node;
    const p50 = sorted[sorted.length >> 1] ?? 0;
    const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
    const memory = process.memoryUsage().rss;
    reply(200, JSON.stringify({ height: `${height}`, digest, view, leader, p50, p99, memory }));
    return;
  }
  if (kind === "decisions" && /^\d{1,18}$/.test(name)) {
    const line = store.line(BigInt(name));
    reply(line === undefined ? 404 : 200, line ?? "null");
    return;
  }
  if (kind !== "kv") {
    reply(404, "null");
    return;
  }
  if (request.method !== "PUT") {
    const value = store.get(decodeURIComponent(name));
    reply(value === undefined ? 404 : 200, JSON.stringify(value ?? null));
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    if (chunks.reduce((sum, { length }) => sum + length, 0) > 64 * 1024) {
      reply(413, "null");
      return;
    }
  }
  const value = Buffer.concat(chunks).toString("utf8");
  const isQueued = store.submit({ key: decodeURIComponent(name), value });
  reply(isQueued ? 202 : 503, "null");
}

const [, , configPath] = process.argv;
if (configPath === undefined) {
  console.error("usage: key-value-node <config.json>");
  process.exit(2);
}
main(configPath).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
