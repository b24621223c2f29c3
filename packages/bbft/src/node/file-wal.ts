/// <reference types="node" />
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { concat } from "../bytes.ts";
import { BbftError } from "../error.ts";
import type { Wal, WalEntry } from "../host/interfaces.ts";
import { decodeFrames, encodeFrame } from "../host/wal-codec.ts";

/** Entries that need no flush wait for one that does, up to so many bytes. */
const MAX_WAITING = 256 * 1024;

/**
 * A write-ahead log in one file. Entries without `sync` go to the file with the next one that has it. What follows the first damaged record, which a crash in the middle
 * of a write leaves behind, is cut off when the file is opened.
 *
 * @throws {@link BbftError} `wal` when the file cannot be opened, written or flushed
 */
export async function openFileWal(path: string): Promise<Wal> {
  let file = await guarded(() => open(path, "a+"));
  const { soundLength } = decodeFrames(await readAll(file));
  await guarded(async () => {
    await file.truncate(soundLength);
    await file.sync();
    await syncFolder(path);
  });
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const write = async (): Promise<void> => {
    const frames = waiting;
    waiting = [];
    waitingBytes = 0;
    if (frames.length > 0) await file.appendFile(concat(...frames));
  };
  return {
    append: (entry, sync) =>
      guarded(async () => {
        const frame = encodeFrame(entry, Date.now());
        waiting.push(frame);
        waitingBytes += frame.length;
        if (sync || waitingBytes > MAX_WAITING) await write();
        if (sync) await file.datasync();
      }),
    async *replay() {
      await guarded(write);
      yield* decodeFrames(await readAll(file)).entries;
    },
    truncate: (entries: readonly WalEntry[]) =>
      guarded(async () => {
        waiting = [];
        waitingBytes = 0;
        const frames = entries.map((entry) => encodeFrame(entry, Date.now()));
        const fresh = await open(`${path}.new`, "w");
        await fresh.writeFile(concat(...frames));
        await fresh.sync();
        await fresh.close();
        await rename(`${path}.new`, path);
        await syncFolder(path);
        await file.close();
        file = await open(path, "a+");
      }),
    close: () =>
      guarded(async () => {
        await write();
        await file.close();
      }),
  };
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
  await folder.sync();
  await folder.close();
}

async function guarded<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new BbftError("wal", {}, { cause });
  }
}
