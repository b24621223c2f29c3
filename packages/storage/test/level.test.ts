import { execFile } from "node:child_process";
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  unlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ClassicLevel } from "classic-level";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { equalBytes, type StorageEngine } from "../src/index.ts";
import { openLevel } from "../src/level/index.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bystack-level-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true });
});

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const failsWith = (code: string, facts: object = {}) =>
  expect.objectContaining({ name: "StorageError", code, ...facts });

async function fill(store: StorageEngine, rows: number, bytes = 100): Promise<void> {
  for (let row = 0; row < rows; row++) {
    const value = crypto.getRandomValues(new Uint8Array(bytes));
    await store.batch([{ type: "put", key: Uint8Array.of(row >> 8, row), value }], { sync: true });
  }
}

describe("openLevel, the directory", () => {
  it("makes missing directories", async () => {
    const store = await openLevel(join(root, "a", "b", "c"));
    await fill(store, 1);
    await store.close();
  });

  it("leaves a missing store alone when told not to create", async () => {
    const path = join(root, "missing");
    await expect(openLevel(path, { create: false })).rejects.toEqual(
      failsWith("store-unavailable", { path }),
    );
    await mkdir(path);
    await expect(openLevel(path, { create: false })).rejects.toEqual(
      failsWith("store-unavailable", { path }),
    );
    const store = await openLevel(path);
    await fill(store, 1);
    await store.close();
    await (await openLevel(path, { create: false })).close();
  });

  it("names path and cause when the path is, or goes through, a file", async () => {
    const file = join(root, "file");
    await writeFile(file, "");
    for (const [path, code] of [
      [file, "EEXIST"],
      [join(file, "below"), "ENOTDIR"],
    ] as const)
      await expect(openLevel(path)).rejects.toEqual(
        failsWith("store-unavailable", { path, cause: expect.objectContaining({ code }) }),
      );
  });

  it.runIf(process.platform === "linux")("ends where no directory can be made", async () => {
    const path = "/proc/nothing/store";
    await expect(openLevel(path)).rejects.toEqual(failsWith("store-unavailable", { path }));
  });

  it("refuses sizes that are none", async () => {
    for (const name of ["cacheBytes", "writeBufferBytes", "maxOpenFiles", "maxBatchBytes"])
      for (const size of [0, -1, 1.5, Number.NaN])
        await expect(openLevel(root, { [name]: size })).rejects.toThrow(RangeError);
  });

  it("knows an open store by any of its paths", async () => {
    const path = join(root, "store");
    const link = join(root, "link");
    const store = await openLevel(path);
    await symlink(path, link);
    for (const other of [
      link,
      relative(process.cwd(), path),
      join(root, ".", "link", "..", "store"),
    ])
      await expect(openLevel(other)).rejects.toEqual(failsWith("store-locked", { path: other }));
    await store.close();
    await (await openLevel(link)).close();
  });

  it("lets one of many simultaneous openers in", async () => {
    const path = join(root, "store");
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => openLevel(path)));
    const opened = outcomes.flatMap((outcome) =>
      outcome.status === "fulfilled" ? [outcome.value] : [],
    );
    expect(opened).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toEqual(failsWith("store-locked"));
    for (const store of opened) await store.close();
  });

  it.runIf(process.getuid?.() !== 0)("names a directory that may not be written", async () => {
    const path = join(root, "read-only");
    await mkdir(path, { mode: 0o500 });
    await expect(openLevel(join(path, "store"))).rejects.toEqual(failsWith("store-unavailable"));
    await chmod(path, 0o700);
  });
});

describe("openLevel, damage", () => {
  let path: string;
  const files = async (pattern: RegExp) =>
    (await readdir(path)).filter((name) => pattern.test(name)).map((name) => join(path, name));

  beforeEach(async () => {
    path = join(root, "store");
    // Small buffers, so that there are tables and not only a log.
    const store = await openLevel(path, { writeBufferBytes: 64 * 1024 });
    await fill(store, 200, 2000);
    await store.close();
  });

  it("never begins an empty store on the remains of one", async () => {
    await unlink(join(path, "CURRENT"));
    const before = await readdir(path);
    await expect(openLevel(path)).rejects.toEqual(failsWith("store-corrupt", { path }));
    expect(await readdir(path)).toEqual(before);
  });

  it("reports a torn CURRENT, a missing manifest and a missing table", async () => {
    const [table = ""] = await files(/\.ldb$/);
    const saved = await readFile(table);
    await unlink(table);
    await expect(openLevel(path)).rejects.toEqual(failsWith("store-corrupt", { path }));
    await writeFile(table, saved);

    await truncate(join(path, "CURRENT"), 3);
    await expect(openLevel(path)).rejects.toEqual(failsWith("store-corrupt", { path }));
  });

  it("reports a missing manifest", async () => {
    for (const manifest of await files(/^MANIFEST/)) await unlink(manifest);
    await expect(openLevel(path)).rejects.toMatchObject({
      name: "StorageError",
      code: expect.stringMatching(/^store-(corrupt|unavailable)$/),
    });
  });

  it("frees the place after a refused opening", async () => {
    const current = await readFile(join(path, "CURRENT"));
    await writeFile(join(path, "CURRENT"), "nonsense");
    await expect(openLevel(path)).rejects.toMatchObject({ code: "store-corrupt" });
    await writeFile(join(path, "CURRENT"), current);
    await (await openLevel(path)).close();
  });

  it("drops a torn record at the end of the log and keeps what comes before", async () => {
    const [log = ""] = await files(/\.log$/);
    await appendFile(log, crypto.getRandomValues(new Uint8Array(3000)));
    const store = await openLevel(path);
    let rows = 0;
    for await (const [, value] of store.iterate()) rows += value.length === 2000 ? 1 : 0;
    expect(rows).toBe(200);
    await store.close();
  });
});

describe("openLevel, resources", () => {
  it("frees each iterator: at the end, at a break, at an error", async () => {
    const attach = vi.spyOn(ClassicLevel.prototype, "attachResource");
    const detach = vi.spyOn(ClassicLevel.prototype, "detachResource");
    const store = await openLevel(root);
    await fill(store, 40);
    attach.mockClear();
    detach.mockClear();
    for await (const _ of store.iterate()) void _;
    for (let i = 0; i < 50; i++) for await (const _ of store.iterate()) break;
    await expect(async () => {
      for await (const _ of store.iterate()) throw new Error("of the loop's body");
    }).rejects.toThrow("of the loop's body");
    const unused = store.iterate()[Symbol.asyncIterator]();
    await unused.return?.();
    expect(attach).toHaveBeenCalledTimes(52);
    expect(detach).toHaveBeenCalledTimes(52);
    await store.close();
  });

  it("frees the rows of a refused batch", async () => {
    const store = await openLevel(root);
    const attach = vi.spyOn(ClassicLevel.prototype, "attachResource");
    const detach = vi.spyOn(ClassicLevel.prototype, "detachResource");
    const key = ascii("key");
    for (let i = 0; i < 5; i++)
      await expect(
        store.batch([{ type: "put", key, value: key }], {
          sync: false,
          expect: [{ key, value: key }],
        }),
      ).rejects.toMatchObject({ code: "store-conflict" });
    expect(detach.mock.calls.length).toBe(attach.mock.calls.length);
    await store.close();
  });

  it("hands out arrays that hold no more memory than their bytes", async () => {
    const store = await openLevel(root);
    await fill(store, 3);
    for await (const [key, value] of store.iterate()) {
      expect(key.buffer.byteLength).toBe(2);
      expect(value.buffer.byteLength).toBe(100);
    }
    expect((await store.get(Uint8Array.of(0, 1)))?.buffer.byteLength).toBe(100);
    await store.close();
  });
});

const run = (file: string, args: string[]) =>
  new Promise<boolean>((resolve) => execFile(file, args, (error) => resolve(error === null)));

/** Only root may mount a file system of a few megabytes, and only on Linux. */
const canMount = await (async () => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const path = await mkdtemp(join(tmpdir(), "bystack-mount-"));
  const isMounted = await run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path]);
  if (isMounted) await run("umount", [path]);
  await rm(path, { recursive: true });
  return isMounted;
})();

describe("a full disk (needs the right to mount a tmpfs)", () => {
  let disk: string;
  const mount = async (...options: string[]) =>
    expect(await run("mount", ["-t", "tmpfs", "-o", options.join(), "tmpfs", disk])).toBe(true);
  const beginFull = async () => {
    disk = join(root, "disk");
    await mkdir(disk);
    await mount("size=2m");
  };
  const end = async () => expect(await run("umount", [disk])).toBe(true);

  it.runIf(canMount).each([
    ["a table", { writeBufferBytes: 256 * 1024 }],
    ["the log", {}],
  ])("ends in store-full over %s, loses nothing announced, goes on", async (_, options) => {
    await beginFull();
    try {
      const path = join(disk, "store");
      const store = await openLevel(path, options);
      const written: Uint8Array[] = [];
      let failure: unknown;
      for (let row = 0; failure === undefined && row < 100; row++) {
        const value = crypto.getRandomValues(new Uint8Array(40_000));
        const half = value.subarray(0, 20_000);
        try {
          await store.batch(
            [
              { type: "put", key: Uint8Array.of(1, row), value },
              { type: "put", key: Uint8Array.of(2, row), value: half },
            ],
            { sync: true },
          );
          written.push(value);
        } catch (error) {
          failure = error;
        }
      }
      expect(failure).toEqual(failsWith("store-full", { path, cause: expect.any(Error) }));
      expect(written.length).toBeGreaterThan(5);
      const check = async (reader: StorageEngine, isReopened: boolean) => {
        for (const [row, value] of written.entries()) {
          const keys = [Uint8Array.of(1, row), Uint8Array.of(2, row)];
          const [one, two] = await reader.getMany(keys);
          if (one === undefined || two === undefined) throw new Error(`row ${row} is lost`);
          expect(equalBytes(one, value)).toBe(true);
          expect(equalBytes(two, value.subarray(0, 20_000))).toBe(true);
        }
        const [one, two] = await reader.getMany([
          Uint8Array.of(1, written.length),
          Uint8Array.of(2, written.length),
        ]);
        if (!isReopened) expect(one).toBeUndefined();
        expect(one === undefined).toBe(two === undefined);
      };
      await check(store, false);
      const small = { type: "put", key: ascii("small"), value: ascii("row") } as const;
      await expect(store.batch([small], { sync: true })).rejects.toEqual(failsWith("store-full"));
      // Space alone is not enough: LevelDB would take the rows, and lose them at the next opening.
      await mount("remount", "size=16m");
      await expect(store.batch([small], { sync: true })).rejects.toEqual(failsWith("store-full"));
      await store.close();
      await mount("remount", "size=2m");

      await writeFile(join(disk, "ballast"), new Uint8Array(2 ** 21)).catch(() => {});
      await expect(openLevel(path)).rejects.toEqual(failsWith("store-full", { path }));

      await mount("remount", "size=16m");
      await store.open();
      await check(store, true);
      await store.batch([small], { sync: true });
      expect(await store.get(ascii("small"))).toEqual(ascii("row"));
      await store.close();
    } finally {
      await end();
    }
  });

  it.runIf(canMount)("cannot make a store where there is no space", async () => {
    await beginFull();
    try {
      await writeFile(join(disk, "ballast"), new Uint8Array(2 ** 21)).catch(() => {});
      const path = join(disk, "store");
      await expect(openLevel(path)).rejects.toEqual(failsWith("store-full", { path }));
    } finally {
      await end();
    }
  });
});
