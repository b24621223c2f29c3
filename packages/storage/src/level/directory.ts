/** The directory of a store: made, looked at and reserved before LevelDB touches it. */
import { mkdir, open, readdir, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { StorageError } from "../error.ts";
import { storageErrorOf } from "./error.ts";

/** A directory that no other opener of this process has. */
export interface Directory {
  /** Absolute, without symbolic links. */
  readonly path: string;
  release(): void;
}

/**
 * The directories open in this process. LevelDB has such a list too, but its refusal closes a
 * second handle of the lock file, and by the rules of POSIX that drops the lock of the whole
 * process: another process could then open the store. So a second opener must not get that far.
 * The list hangs on the global object because a process may load two copies of this package.
 */
const OPEN_DIRECTORIES = Symbol.for("@bystack/storage/level open directories");

/**
 * @throws {@link StorageError} `store-locked` | `store-corrupt` | `store-full` | `store-unavailable`
 */
export async function reserveDirectory(path: string, create: boolean): Promise<Directory> {
  try {
    if (create) await makeDirectory(resolve(path));
    const real = await realpath(path);
    const { dev, ino } = await stat(real, { bigint: true });
    const identity = `${dev}:${ino}`;
    const taken = openDirectories();
    if (taken.has(identity)) throw new StorageError("store-locked", { path });
    taken.add(identity);
    const release = (): void => void taken.delete(identity);
    try {
      await checkContent(real);
    } catch (error) {
      release();
      throw error;
    }
    return { path: real, release };
  } catch (error) {
    throw storageErrorOf(error, path);
  }
}

/**
 * Makes what is missing of the path and sees to it that a power cut does not take it back. Not by
 * Node's recursive `mkdir`: it never ends where a parent exists but takes no entries, as in /proc.
 */
async function makeDirectory(path: string): Promise<void> {
  if (await makeOne(path)) return;
  const parent = dirname(path);
  if (parent === path || (await isDirectory(parent))) await mkdir(path);
  else {
    await makeDirectory(parent);
    if (!(await makeOne(path))) await mkdir(path);
  }
}

/** @returns false when a parent is missing */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return false;
    if (code === "EEXIST" && (await isDirectory(path))) return true;
    throw error;
  }
  await syncDirectory(dirname(path));
  return true;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  try {
    const directory = await open(path, "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    // A parent that may not be read, or a file system that cannot: no reason not to go on.
    if (!UNSYNCABLE.has(codeOf(error))) throw error;
  }
}

const UNSYNCABLE: ReadonlySet<unknown> = new Set(["EACCES", "EPERM", "EINVAL", "ENOTSUP"]);

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/**
 * LevelDB takes a directory without the file CURRENT for a new store and begins an empty one on
 * top of what is there. Only the first manifest may lie there alone: CURRENT comes right after it,
 * and a process that is killed in between leaves a store that never held anything.
 */
async function checkContent(path: string): Promise<void> {
  const names = await readdir(path);
  if (names.includes("CURRENT")) return;
  const remains = names.find((name) => REMAINS.test(name));
  if (remains === undefined) return;
  throw new StorageError("store-corrupt", {
    path,
    cause: new Error(`${remains} is there, CURRENT is missing`),
  });
}

const REMAINS = /^(MANIFEST-(?!000001$)\d+|\d+\.(ldb|sst|log))$/;

function openDirectories(): Set<string> {
  const holder: object & { [OPEN_DIRECTORIES]?: Set<string> } = globalThis;
  holder[OPEN_DIRECTORIES] ??= new Set();
  return holder[OPEN_DIRECTORIES];
}
