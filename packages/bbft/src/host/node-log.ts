/**
 * What a node writes ahead, and what it finds there when it starts.
 *
 * @see spec 90-bbft, section 15 "Durability: never sign twice", item 3
 */
import type { EpochContext } from "../core/epoch-context.ts";
import type { SignState, WalRecord } from "../core/events.ts";
import { BbftError } from "../error.ts";
import type { Wal, WalEntry } from "./interfaces.ts";
import { LogTruncation } from "./log-truncation.ts";
import type { StartingPoint } from "./starting-point.ts";
import {
  decodeWalRecord,
  type EpochRecord,
  encodeEpoch,
  encodeWalRecord,
  endedHeight,
  epochOfEntry,
  isCompleteMark,
  signStateOf,
} from "./wal-codec.ts";

/** What a log holds, before a validator set is known to read all of it. */
export interface LogContents {
  readonly epochs: readonly EpochRecord[];
  readonly lastSigned: SignState | undefined;
  readonly isEmpty: boolean;
  /** Does it hold everything that this validator signed? */
  readonly isComplete: boolean;
  /** What follows the last height that ended. */
  readonly open: readonly WalEntry[];
}

export async function readLog(wal: Wal): Promise<LogContents> {
  const entries: WalEntry[] = [];
  for await (const entry of wal.replay()) entries.push(entry);
  const ended = entries.findLastIndex((entry) => endedHeight(entry) !== undefined);
  return {
    epochs: entries.map(epochOfEntry).filter((record) => record !== undefined),
    lastSigned: entries.map(signStateOf).findLast((state) => state !== undefined),
    isEmpty: entries.length === 0,
    isComplete: entries.some(isCompleteMark),
    open: entries.slice(ended + 1).filter((entry) => epochOfEntry(entry) === undefined),
  };
}

/**
 * Begins the log of a validator that has never signed anything: for its first start only. Without
 * this mark a node takes its log for lost.
 *
 * @throws {@link BbftError} `wal` when the log holds something already
 * @example
 * ```ts
 * const wal = await openFileWal("wal.bin");
 * if (isFirstStart) await beginLog(wal);
 * ```
 * @see spec 90-bbft, section 15, item 4
 */
export async function beginLog(wal: Wal): Promise<void> {
  for await (const { type } of wal.replay()) throw new BbftError("wal", { found: type });
  await wal.append(encodeWalRecord({ type: "complete" }), true);
}

/**
 * Must a node follow without signing until that is safe again?
 *
 * @param hasLostLog what its owner says
 * @throws {@link BbftError} `wal` for an empty log of which the owner says nothing
 */
export function mustStaySilent(
  { isEmpty, isComplete }: LogContents,
  hasLostLog: boolean | undefined,
): boolean {
  if (isEmpty && hasLostLog !== true) {
    const advice =
      "the log is empty: beginLog for a key that has never signed, hasLostLog to follow in silence";
    throw new BbftError("wal", { advice });
  }
  return hasLostLog === true || !isComplete;
}

/**
 * The records that a core restores.
 *
 * @param height the first height to decide
 * @throws {@link BbftError} `wal` when the log is not readable by the validator sets of the start
 */
export function openRecords(
  { open }: LogContents,
  height: bigint,
  point: StartingPoint,
): WalRecord[] {
  return open
    .flatMap((entry) => readRecord(entry, point) ?? [])
    .filter((record) => !("height" in record) || record.height >= height);
}

/**
 * A record of the log. The application may have committed the last height of an epoch before the
 * log could say that it ended: what is left of that height is read by its own epoch, and is over.
 *
 * @throws {@link BbftError} `wal` when neither epoch can read it
 */
function readRecord(
  entry: WalEntry,
  { context, previousContext }: StartingPoint,
): WalRecord | undefined {
  try {
    return decodeWalRecord(entry, context);
  } catch (error) {
    if (previousContext === undefined) throw error;
    decodeWalRecord(entry, previousContext);
    return undefined;
  }
}

/** The writing side; the log takes one entry at a time. */
export class NodeLog {
  readonly #wal: Wal;
  readonly #truncation: LogTruncation;
  #entered: WalEntry[] = [];

  constructor(wal: Wal) {
    this.#wal = wal;
    this.#truncation = new LogTruncation(wal);
  }

  /** Writes the epochs of a start that the log does not know yet. */
  async writeMissingEpochs({ epochs }: LogContents, point: StartingPoint): Promise<void> {
    const isLogged = (one: bigint) => one === 0n || epochs.some(({ epoch }) => epoch === one);
    for (const context of [point.previousContext, point.context])
      if (context !== undefined && !isLogged(context.epoch)) this.enterEpoch(context);
    await this.writeEntered();
  }

  /** An epoch begins; to be written before anything else of it. */
  enterEpoch(context: EpochContext): void {
    this.#entered.push(encodeEpoch(context));
  }

  async writeEntered(): Promise<void> {
    const entries = this.#entered;
    this.#entered = [];
    for (const entry of entries) await this.#wal.append(entry, true);
  }

  /** With `sync` it resolves when this record and all before it are flushed. */
  async write(record: WalRecord, sync: boolean): Promise<void> {
    await this.#wal.append(encodeWalRecord(record), sync);
    if (record.type === "end-height") await this.#truncation.onEndHeight(record.height);
  }
}
