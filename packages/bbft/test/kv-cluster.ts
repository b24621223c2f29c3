import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex } from "@noble/hashes/utils.js";
import { build } from "esbuild";
import { DEFAULT_PARAMETERS, viewTimeout } from "../src/index.ts";
import { secretOf } from "./helpers.ts";

export interface Status {
  readonly height: string;
  readonly digest: string;
  readonly view: number;
  readonly leader: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU time since the start of the process, milliseconds. */
  readonly cpuMs: number;
}

/** Bytes, after a collection. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

export interface ClusterOptions {
  readonly m: number;
  readonly blockIntervalMs: number;
  readonly viewTimeoutMs: number;
  readonly epochLength: number;
}

/** Four processes of the key-value example on loopback. */
export interface Cluster {
  start(index: number): void;
  /** kill -9 */
  kill(index: number): Promise<void>;
  /** @param from the lowest height whose latency counts */
  status(index: number, from?: number): Promise<Status | undefined>;
  /** Height of a process; -1 while it does not answer. */
  height(index: number): Promise<number>;
  memory(index: number): Promise<Memory | undefined>;
  /** Id of the block that a process has at a height. */
  blockId(index: number, height: number): Promise<string | undefined>;
  put(index: number, key: string, value: string): Promise<boolean>;
  get(index: number, key: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/**
 * Ports below those that systems hand out by themselves: while a killed process is away, no
 * connection of anybody else may come to sit on its port.
 */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let port = 20_000 + randomInt(10_000); ports.length < count; port++)
    if (await isFree(port)) ports.push(port);
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A process that is going down may take a request and never answer it. */
const REQUEST_MS = 3000;

/**
 * How long a height may take at most, milliseconds, with one validator of four faulty: it is decided
 * in view `hierViews + f` at the latest, and the machine may be busy with something else.
 *
 * @see spec 90-bbft, section 10.2 "Escalation"
 */
export function heightLimitMs({ blockIntervalMs, viewTimeoutMs }: ClusterOptions): number {
  const parameters = { ...DEFAULT_PARAMETERS, viewTimeoutMs };
  let sum = blockIntervalMs;
  for (let view = 0; view <= parameters.hierViews + 1; view++) sum += viewTimeout(parameters, view);
  return sum;
}

/** Until a process runs and its links are up: compiling, the log, the handshakes. */
export const START_LIMIT_MS = 10_000;

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "bbft-kv-"));
  const program = join(folder, "node.mjs");
  await build({
    entryPoints: [new URL("../src/example/key-value-node.ts", import.meta.url).pathname],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    logLevel: "error",
  });
  const ports = await freePorts(8);
  const secrets = [0, 1, 2, 3].map((index) => bytesToHex(secretOf(index)));
  const httpPorts = ports.slice(4);
  const children: (ChildProcess | undefined)[] = [];
  const cluster: Cluster = {
    start(index) {
      const own = folderOf(folder, index);
      const path = join(own, "config.json");
      const config = {
        index,
        folder: own,
        secrets,
        ports: ports.slice(0, 4),
        httpPorts,
        ...options,
      };
      const first = existsSync(path) ? [] : ["--first-start"];
      writeFileSync(path, JSON.stringify(config));
      children[index] = spawn(process.execPath, ["--expose-gc", program, path, ...first], {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
    },
    async kill(index) {
      const child = children[index];
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
    async status(index, from = 0) {
      const reply = await request(httpPorts[index], `status/${from}`);
      return reply === undefined ? undefined : ((await reply.json()) as Status);
    },
    async height(index) {
      return Number((await cluster.status(index))?.height ?? -1);
    },
    async memory(index) {
      const reply = await request(httpPorts[index], "memory");
      return reply === undefined ? undefined : ((await reply.json()) as Memory);
    },
    async blockId(index, height) {
      const reply = await request(httpPorts[index], `decisions/${height}`);
      if (reply?.ok !== true) return undefined;
      return ((await reply.json()) as { appBlockId: string }).appBlockId;
    },
    async put(index, key, value) {
      const reply = await request(httpPorts[index], `kv/${key}`, { method: "PUT", body: value });
      return reply?.status === 202;
    },
    async get(index, key) {
      const reply = await request(httpPorts[index], `kv/${key}`);
      return reply?.ok === true ? ((await reply.json()) as string) : undefined;
    },
    async close() {
      for (const index of children.keys()) await cluster.kill(index);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (let index = 0; index < 4; index++) cluster.start(index);
  return cluster;
}

function folderOf(folder: string, index: number): string {
  const own = join(folder, `node-${index}`);
  mkdirSync(own, { recursive: true });
  return own;
}

async function request(
  port: number | undefined,
  path: string,
  init: RequestInit = {},
): Promise<Response | undefined> {
  try {
    const signal = AbortSignal.timeout(REQUEST_MS);
    return await fetch(`http://127.0.0.1:${port}/${path}`, { ...init, signal });
  } catch {
    return undefined;
  }
}

/** Asks until the answer is what is waited for, no longer than `limitMs`. */
export async function until<T>(
  limitMs: number,
  ask: () => Promise<T>,
  isEnough: (answer: T) => boolean,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (isEnough(answer)) return answer;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(answer)} after ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** How long a running process may be too busy to answer. */
const ANSWER_MS = 60_000;

/** The status of a process that runs. */
export async function statusOf(cluster: Cluster, index: number, from = 0): Promise<Status> {
  const ask = () => cluster.status(index, from);
  const status = await until(ANSWER_MS, ask, (found) => found !== undefined);
  if (status === undefined) throw new Error("no status");
  return status;
}

/** The height of a process that runs. */
export async function heightOf(cluster: Cluster, index: number): Promise<number> {
  return Number((await statusOf(cluster, index)).height);
}

/** The highest height that all four have, and the id of its block in each of them. */
export async function commonBlock(
  cluster: Cluster,
): Promise<{ readonly height: number; readonly ids: readonly (string | undefined)[] }> {
  const all = [0, 1, 2, 3];
  const height = Math.min(...(await Promise.all(all.map((index) => heightOf(cluster, index)))));
  const idIn = (index: number) =>
    until(
      ANSWER_MS,
      () => cluster.blockId(index, height),
      (id) => id !== undefined,
    );
  return { height, ids: await Promise.all(all.map(idIn)) };
}
