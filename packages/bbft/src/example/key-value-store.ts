/// <reference types="node" />
/** A replicated map from text to text: the smallest application that is durable. */
import { type FileHandle, open } from "node:fs/promises";
import { concat, keyOf, sameBytes } from "../bytes.ts";
import type { Decision } from "../core/events.ts";
import { type Offense, offenseId } from "../core/offense.ts";
import type { Application } from "../host/interfaces.ts";
import {
  type ContextOf,
  decisionFromJson,
  decisionToJson,
} from "../node/remote-application/values.ts";
import { hash } from "../signing.ts";
import type { ValidatorSet } from "../validator-set.ts";

export interface Write {
  /** Chosen by whoever took the write in: however often it is relayed, it is applied once. */
  readonly id: string;
  /** Height of that process then; a write that finds no block within two epochs is dropped. */
  readonly takenAt: number;
  readonly key: string;
  readonly value: string;
}

const MAX_PENDING = 10_000;
const MAX_WRITES_PER_BLOCK = 500;
/** Of a write as JSON, bytes: a full block is no longer than a proposal may be. */
const MAX_WRITE = 16_000;

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

export function isTooLong(write: Write): boolean {
  return encode(write).length > MAX_WRITE;
}

export interface KeyValueStore extends Application {
  /**
   * Queues a write, unless it is done or queued already; false when too many wait, when it is too
   * long, or when it is from a height so far from here that no block could take it.
   */
  submit(write: Write): boolean;
  /** Does this write wait for a block still? */
  isPending(id: string): boolean;
  get(key: string): string | undefined;
  readonly height: bigint;
  /** Hash over all blocks: equal on all nodes at the same height. */
  readonly digest: string;
  /** A line of the log as it was written: a decision as JSON. */
  line(height: bigint): string | undefined;
  close(): Promise<void>;
}

function isWrite(write: unknown): write is Write {
  return (
    typeof write === "object" &&
    write !== null &&
    "id" in write &&
    "takenAt" in write &&
    "key" in write &&
    "value" in write &&
    typeof write.id === "string" &&
    Number.isSafeInteger(write.takenAt) &&
    typeof write.key === "string" &&
    typeof write.value === "string"
  );
}

/** A list of writes from JSON; undefined when it is none. */
export function writesFromJson(value: unknown): Write[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_WRITES_PER_BLOCK) return undefined;
  return value.every(isWrite) ? value : undefined;
}

function readWrites(block: Uint8Array): Write[] | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(block));
    if (typeof parsed !== "object" || parsed === null || !("writes" in parsed)) return undefined;
    return writesFromJson(parsed.writes);
  } catch {
    return undefined;
  }
}

/** Opens the store of a folder; every committed block is one flushed line of its log. */
export async function openKeyValueStore(options: {
  readonly path: string;
  readonly genesisId: Uint8Array;
  readonly validators: ValidatorSet;
  /** Decisions of two epochs are kept for others, and the writes in them are known to be done. */
  readonly epochLength: number;
  readonly contextOf: ContextOf;
  /** Blocks from other nodes, when far behind. */
  synchronize(height: bigint): AsyncIterable<Decision>;
}): Promise<KeyValueStore> {
  const { path, contextOf, genesisId } = options;
  const kept = 2n * BigInt(options.epochLength);
  const values = new Map<string, string>();
  const recent = new Map<bigint, string>();
  const done = new Map<string, bigint>();
  const pending = new Map<string, Write>();
  /** Names of the offenses in all blocks, as hex. */
  const punished = new Set<string>();
  let last: Decision | undefined;
  let digest = genesisId;

  // What is done is known for as long as a write may come: so none can be applied twice.
  const isOver = ({ takenAt }: Write, height: bigint): boolean => height >= BigInt(takenAt) + kept;
  const isTimely = (write: Write, height: bigint): boolean =>
    BigInt(write.takenAt) <= height && !isOver(write, height);
  const apply = (decision: Decision, line: string, offenses: readonly string[]): void => {
    const { height } = decision;
    for (const offense of offenses) punished.add(offense);
    for (const [id, doneAt] of done) {
      if (doneAt > height - kept) break;
      done.delete(id);
    }
    for (const write of readWrites(decision.body.appBlock) ?? []) {
      if (done.has(write.id) || !isTimely(write, height)) continue;
      values.set(write.key, write.value);
      done.set(write.id, height);
      pending.delete(write.id);
    }
    for (const write of pending.values()) if (isOver(write, height)) pending.delete(write.id);
    last = decision;
    digest = hash(concat(digest, decision.body.appBlockId));
    recent.set(height, line);
    recent.delete(height - kept);
  };
  const file: FileHandle = await open(path, "a+");
  let length = 0;
  for await (const line of wholeLines(file)) {
    const entry: unknown = JSON.parse(line);
    apply(decisionFromJson(entry, contextOf), line, offensesOf(entry));
    length += Buffer.byteLength(line) + 1;
  }
  await file.truncate(length);
  // A line that a killed process left may be in the system's memory only.
  await file.sync();

  const commit = async (decision: Decision, proven: readonly Offense[]): Promise<void> => {
    if (decision.height <= (last?.height ?? 0n)) return;
    const offenses = proven.map((offense) => keyOf(offenseId(offense)));
    const line = JSON.stringify({ ...decisionToJson(decision), offenses });
    await file.appendFile(`${line}\n`);
    await file.datasync();
    apply(decision, line, offenses);
  };
  /** One commit after the other; none after one that failed, whose line may be cut off. */
  let committed: Promise<void> = Promise.resolve();

  return {
    get height() {
      return last?.height ?? 0n;
    },
    get digest() {
      return Buffer.from(digest).toString("hex");
    },
    isPending: (id) => pending.has(id),
    get: (key) => values.get(key),
    line: (height) => recent.get(height),
    submit(write) {
      if (done.has(write.id) || pending.has(write.id)) return true;
      const here = last?.height ?? 0n;
      const isFar = isOver(write, here) || BigInt(write.takenAt) > here + kept;
      if (pending.size >= MAX_PENDING || isFar || isTooLong(write)) return false;
      pending.set(write.id, write);
      return true;
    },
    identify: (bytes) => hash(bytes),
    state: async () => ({
      height: last?.height ?? 0n,
      appBlockId: last?.body.appBlockId ?? genesisId,
      proof: last?.proof,
    }),
    validators: async (epoch) => ({ ...options.validators, epoch }),
    async prepare({ height, nowMs, maxBytes }) {
      const block = { height: `${height}`, timestampMs: nowMs, writes: [] as Write[] };
      let room = maxBytes - encode(block).length;
      for (const write of pending.values()) {
        if (block.writes.length === MAX_WRITES_PER_BLOCK) break;
        if (!isTimely(write, height)) continue;
        room -= encode(write).length + 1;
        if (room < 0) break;
        block.writes.push(write);
      }
      const bytes = encode(block);
      return { id: hash(bytes), bytes };
    },
    validate: async (_context, block) => ({
      isAccepted: sameBytes(hash(block.bytes), block.id) && readWrites(block.bytes) !== undefined,
    }),
    async commit(decision, proven) {
      committed = committed.then(() => commit(decision, proven));
      await committed;
      return {};
    },
    async load(height) {
      const line = recent.get(height);
      return line === undefined ? undefined : decisionFromJson(JSON.parse(line), contextOf);
    },
    onEvidence() {},
    hasOffense: async (offense) => punished.has(keyOf(offense)),
    synchronize: (height) => options.synchronize(height),
    close: () => file.close(),
  };
}

/** The names of the offenses that a line of the log has beside its decision. */
function offensesOf(entry: unknown): string[] {
  if (typeof entry !== "object" || entry === null || !("offenses" in entry)) return [];
  const { offenses } = entry;
  return Array.isArray(offenses) ? offenses.filter((one) => typeof one === "string") : [];
}

/** The lines of a file from its start, but for a last one that a crash left without its end. */
async function* wholeLines(file: FileHandle): AsyncGenerator<string> {
  const chunk = Buffer.alloc(1024 * 1024);
  let rest = Buffer.alloc(0);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.subarray(0, end).toString("utf8");
      rest = rest.subarray(end + 1);
    }
  }
}
