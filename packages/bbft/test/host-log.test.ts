/** Disks that fail: whoever cannot write ahead must not go on. */
import { mkdtempSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryWal, type Transport, type Wal, type WalEntry } from "../src/index.ts";
import { openFileWal } from "../src/node/index.ts";
import { chainId } from "./helpers.ts";
import { createNode, createTestApplication, createTestNetwork, keys } from "./host-helpers.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const entry = (byte: number): WalEntry => ({ type: 1, payload: Uint8Array.of(byte) });
const freshPath = () => join(mkdtempSync(join(tmpdir(), "bbft-wal-")), "wal");

async function entriesOf(wal: Wal): Promise<WalEntry[]> {
  const entries: WalEntry[] = [];
  for await (const one of wal.replay()) entries.push(one);
  return entries;
}

/** The methods of all open files. */
async function fileMethods(): Promise<FileHandle> {
  const file = await open(freshPath(), "w");
  await file.close();
  return Object.getPrototypeOf(file) as FileHandle;
}

describe("a log whose file", () => {
  it("could not be flushed once takes nothing any more", async () => {
    const path = freshPath();
    const wal = await openFileWal(path);
    await wal.append(entry(1), true);
    // The system reports a lost page once; the next flush succeeds without it.
    vi.spyOn(await fileMethods(), "datasync").mockRejectedValueOnce(new Error("EIO"));
    await expect(wal.append(entry(2), true)).rejects.toMatchObject({ code: "wal" });
    for (const sync of [true, false])
      await expect(wal.append(entry(3), sync)).rejects.toMatchObject({ code: "wal" });
    await expect(wal.truncate([entry(4)])).rejects.toMatchObject({ code: "wal" });
    await wal.close();
  });

  it("was full in the middle of a record takes none behind it, where nobody could read it", async () => {
    const path = freshPath();
    const wal = await openFileWal(path);
    await wal.append(entry(1), true);
    const methods = await fileMethods();
    const { appendFile } = methods;
    vi.spyOn(methods, "appendFile").mockImplementationOnce(async function (this: FileHandle, data) {
      await appendFile.call(this, (data as Uint8Array).subarray(0, 5));
      throw new Error("ENOSPC");
    });
    await expect(wal.append(entry(2), true)).rejects.toMatchObject({ code: "wal" });
    await expect(wal.append(entry(3), true)).rejects.toMatchObject({ code: "wal" });
    await wal.close();
    const again = await openFileWal(path);
    expect(await entriesOf(again)).toEqual([entry(1)]);
    await again.close();
  });

  it("refuses a record that could not be read again", async () => {
    const wal = await openFileWal(freshPath());
    const payload = new Uint8Array(10 * 1024 * 1024);
    await expect(wal.append({ type: 1, payload }, true)).rejects.toMatchObject({ code: "wal" });
    await wal.close();
  });
});

it("a validator whose log fails once stops there, and neither signs nor sends any more", async () => {
  const network = createTestNetwork({});
  await Promise.all([0, 1, 2].map((index) => network.start(index)));
  const log = createMemoryWal();
  let syncs = 0;
  let sentAfter = 0;
  const errors: unknown[] = [];
  const wal: Wal = {
    ...log,
    async append(one, sync) {
      if (sync && ++syncs === 10) throw new Error("EIO");
      await log.append(one, sync);
    },
  };
  const connected = network.hub.connect(keys[3] ?? chainId);
  const transport: Transport = {
    ...connected,
    send(to, bytes, messageClass) {
      if (syncs >= 10) sentAfter++;
      connected.send(to, bytes, messageClass);
    },
  };
  const application = createTestApplication();
  const node = createNode(
    3,
    { application, transport, clock: network.clock, wal },
    { onFatal: (error) => errors.push(error) },
  );
  await node.start();
  await network.clock.until(() => errors.length > 0);
  const { height } = node;
  await network.clock.until(() => network.heightOf(0) >= Number(height) + 5);
  expect([errors, sentAfter, syncs, node.height]).toEqual([[new Error("EIO")], 0, 10, height]);
  await node.stop();
});
