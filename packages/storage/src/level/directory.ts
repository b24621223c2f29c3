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
    if (create) await makeDirectory(path);
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

/** Makes what is missing of the path and sees to it that a power cut does not take it back. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined || process.platform === "win32") return;
  for (let made = resolve(path); ; made = dirname(made)) {
    const parent = await open(dirname(made), "r");
    try {
      await parent.sync();
    } finally {
      await parent.close();
    }
    if (made === resolve(first) || made === dirname(made)) return;
  }
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
