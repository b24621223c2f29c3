/// <reference types="node" />
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { concat } from "../bytes.ts";
import { BbftError } from "../error.ts";
import type { Wal, WalEntry } from "../host/interfaces.ts";
import { decodeFrames, encodeFrame, hasFrameBehind, isCompleteMark } from "../host/wal-codec.ts";

/** Entries that need no flush wait for one that does, up to so many bytes. */
const MAX_WAITING = 256 * 1024;

/**
 * A write-ahead log in one file. Entries without `sync` go to the file with the next one that has
 * it. When the file is opened, what follows the first damaged record is cut off. Where sound records
 * are among that, it was no crash in the middle of a write: the log counts as lost from then on.
 *
 * A log that failed once takes nothing any more: behind half a record nobody could read it, and
 * after a failed flush the system may report success for pages that it has lost.
 *
 * @throws {@link BbftError} `wal` when the file cannot be opened, written or flushed
 */
export async function openFileWal(path: string): Promise<Wal> {
  let file = await guarded(() => open(path, "a+"));
  const replaceBy = async (entries: readonly WalEntry[]): Promise<void> => {
    await replaceFile(path, concat(...entries.map((entry) => encodeFrame(entry, Date.now()))));
    await file.close();
    file = await open(path, "a+");
  };
  await guarded(async () => {
    const bytes = await readAll(file);
    const { entries, soundLength } = decodeFrames(bytes);
    if (hasFrameBehind(bytes, soundLength)) {
      await replaceBy(entries.filter((entry) => !isCompleteMark(entry)));
      return;
    }
    await file.truncate(soundLength);
    await file.sync();
    await syncFolder(path);
  });
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let failure: unknown;
  const changing = async (action: () => Promise<void>): Promise<void> => {
    if (failure !== undefined) throw failure;
    try {
      await guarded(action);
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const write = async (): Promise<void> => {
    const frames = waiting;
    waiting = [];
    waitingBytes = 0;
    if (frames.length > 0) await file.appendFile(concat(...frames));
  };
  return {
    async append(entry, sync) {
      const frame = encodeFrame(entry, Date.now());
      await changing(async () => {
        waiting.push(frame);
        waitingBytes += frame.length;
        if (sync || waitingBytes > MAX_WAITING) await write();
        if (sync) await file.datasync();
      });
    },
    async *replay() {
      await changing(write);
      yield* decodeFrames(await guarded(() => readAll(file))).entries;
    },
    truncate: (entries: readonly WalEntry[]) =>
      changing(async () => {
        waiting = [];
        waitingBytes = 0;
        await replaceBy(entries);
      }),
    close: () =>
      guarded(async () => {
        if (failure === undefined) await write();
        await file.close();
      }),
  };
}

/** Atomically; durable when it resolves. */
async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const fresh = await open(`${path}.new`, "w");
  try {
    await fresh.writeFile(content);
    await fresh.sync();
  } finally {
    await fresh.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(path);
}

async function readAll(file: FileHandle): Promise<Uint8Array> {
  const { size } = await file.stat();
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await file.read(bytes, at, size - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

/** Makes a new name durable; not every system lets a folder be opened. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function guarded<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new BbftError("wal", {}, { cause });
  }
}
