/// <reference types="node" />
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { concat } from "../bytes.ts";
import { BbftError } from "../error.ts";
import type { Wal, WalEntry } from "../host/interfaces.ts";
import { decodeFrames, encodeFrame } from "../host/wal-codec.ts";

/**
 * A write-ahead log in one file. What follows the first damaged record, which a crash in the middle
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
  return {
    append: (entry, sync) =>
      guarded(async () => {
        await file.appendFile(encodeFrame(entry, Date.now()));
        if (sync) await file.datasync();
      }),
    async *replay() {
      yield* decodeFrames(await readAll(file)).entries;
    },
    truncate: (entries: readonly WalEntry[]) =>
      guarded(async () => {
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
    close: () => guarded(() => file.close()),
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
