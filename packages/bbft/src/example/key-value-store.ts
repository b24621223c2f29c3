/// <reference types="node" />
/** A replicated map from text to text: the smallest application that is durable. */
import { type FileHandle, open, readFile } from "node:fs/promises";
import { sameBytes } from "../bytes.ts";
import type { Decision } from "../core/events.ts";
import type { Application } from "../host/interfaces.ts";
import { type ContextOf, decisionFromJson, decisionToJson } from "../node/remote-application.ts";
import { hash } from "../signing.ts";
import type { ValidatorSet } from "../validator-set.ts";

interface Write {
  readonly key: string;
  readonly value: string;
}

const MAX_PENDING = 10_000;
const MAX_WRITES_PER_BLOCK = 500;
/** Decisions kept in memory for others: those of two epochs. */
const KEPT = 2400;

export interface KeyValueStore extends Application {
  /** Queues a write; false when too many wait already. */
  submit(write: Write): boolean;
  get(key: string): string | undefined;
  readonly height: bigint;
  /** Hash over all blocks: equal on all nodes at the same height. */
  readonly digest: string;
  /** A line of the log as it was written: a decision as JSON. */
  line(height: bigint): string | undefined;
  close(): Promise<void>;
}

function readWrites(bytes: Uint8Array): Write[] | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof parsed !== "object" || parsed === null || !("writes" in parsed)) return undefined;
    const { writes } = parsed;
    if (!Array.isArray(writes) || writes.length > MAX_WRITES_PER_BLOCK) return undefined;
    const isSound = (write: unknown): write is Write =>
      typeof write === "object" &&
      write !== null &&
      "key" in write &&
      "value" in write &&
      typeof write.key === "string" &&
      typeof write.value === "string";
    return writes.every(isSound) ? writes : undefined;
  } catch {
    return undefined;
  }
}

/** Opens the store of a folder; every committed block is one flushed line of its log. */
export async function openKeyValueStore(options: {
  readonly path: string;
  readonly genesisId: Uint8Array;
  readonly validators: ValidatorSet;
  readonly contextOf: ContextOf;
  /** Blocks from other nodes, when far behind. */
  synchronize(height: bigint): AsyncIterable<Decision>;
}): Promise<KeyValueStore> {
  const { path, contextOf, genesisId } = options;
  const values = new Map<string, string>();
  const recent = new Map<bigint, string>();
  let pending: Write[] = [];
  let last: Decision | undefined;
  let digest = genesisId;

  const apply = (decision: Decision, line: string): void => {
    const writes = readWrites(decision.body.appBlock) ?? [];
    for (const { key, value } of writes) values.set(key, value);
    const done = new Set(writes.map((write) => JSON.stringify(write)));
    pending = pending.filter((write) => !done.has(JSON.stringify(write)));
    last = decision;
    digest = hash(Uint8Array.from([...digest, ...decision.body.appBlockId]));
    recent.set(decision.height, line);
    recent.delete(decision.height - BigInt(KEPT));
  };
  const lines = (await readFile(path, "utf8").catch(() => "")).split("\n");
  // A crash in the middle of a write leaves a last line without its end.
  const whole = lines.slice(0, -1);
  for (const line of whole) apply(decisionFromJson(JSON.parse(line), contextOf), line);
  const file: FileHandle = await open(path, "a");
  await file.truncate(whole.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0));

  return {
    get height() {
      return last?.height ?? 0n;
    },
    get digest() {
      return Buffer.from(digest).toString("hex");
    },
    get: (key) => values.get(key),
    line: (height) => recent.get(height),
    submit(write) {
      if (pending.length >= MAX_PENDING) return false;
      pending.push(write);
      return true;
    },
    identify: (bytes) => hash(bytes),
    state: async () => ({
      height: last?.height ?? 0n,
      appBlockId: last?.body.appBlockId ?? genesisId,
      proof: last?.proof,
    }),
    validators: async (epoch) => ({ ...options.validators, epoch }),
    async prepare({ height, nowMs }) {
      const writes = pending.slice(0, MAX_WRITES_PER_BLOCK);
      const text = JSON.stringify({ height: `${height}`, timestampMs: nowMs, writes });
      const bytes = new TextEncoder().encode(text);
      return { id: hash(bytes), bytes };
    },
    validate: async (_context, block) => ({
      isAccepted: sameBytes(hash(block.bytes), block.id) && readWrites(block.bytes) !== undefined,
    }),
    async commit(decision) {
      if (decision.height <= (last?.height ?? 0n)) return {};
      const line = JSON.stringify(decisionToJson(decision));
      await file.appendFile(`${line}\n`);
      await file.datasync();
      apply(decision, line);
      return {};
    },
    async load(height) {
      const line = recent.get(height);
      return line === undefined ? undefined : decisionFromJson(JSON.parse(line), contextOf);
    },
    onEvidence() {},
    synchronize: (height) => options.synchronize(height),
    close: () => file.close(),
  };
}
