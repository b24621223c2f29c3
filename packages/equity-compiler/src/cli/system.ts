import { mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { dirname, normalize } from "node:path";
import type { ImportResolver } from "../load.ts";

/** What the commands do to the world. */
export interface System {
  /** Prints a line. */
  out(text: string): void;
  /** Prints a line about a problem. */
  err(text: string): void;
  /** Text of a file; throws the file system's error. */
  read(path: string): string;
  /** Writes a file and the folders on the way to it. */
  write(path: string, text: string): void;
  /** Calls back after each change of one of the files, until the process ends. */
  watch(paths: readonly string[], changed: () => void): Promise<void>;
}

/** The process and its file system. */
export function nodeSystem(): System {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    read: (path) => readFileSync(path, "utf8"),
    write(path, text) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    },
    watch: (paths, changed) =>
      new Promise(() => {
        for (const path of paths) watch(path, changed);
      }),
  };
}

/** Imports are found relative to the working directory. */
export function importsFrom(system: Pick<System, "read">): ImportResolver {
  return (path) => {
    const file = normalize(path);
    try {
      return { file, text: system.read(file) };
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  };
}
