import type { StorageEngine } from "../engine.ts";

/** The test runner, as the suite sees it: a few lines over vitest, node:test or any other. */
export interface ConformanceHarness {
  /** Groups tests. */
  describe(name: string, body: () => void): void;
  /** Defines a test; it fails when the promise rejects. */
  it(name: string, body: () => Promise<void>): void;
  /** Reports, visibly and never as passed, that a test does not apply to this engine. */
  inapplicable(name: string, reason: string): void;
  /** Says that the engine is slower than the floor; no test fails for that. */
  warn(message: string): void;
}

/** How the suite gets stores of the engine under test. */
export interface StorageFactory {
  /** Name of the engine, for the titles. */
  readonly name: string;
  /**
   * `"process"`: the content is gone with the process, and no second opener can exist.
   * `"disk"`: it survives; places can be opened again, and by a child process.
   */
  readonly persistence: "process" | "disk";
  /** A new, empty place for a store. */
  create(): Promise<StorePlace>;
}

/** Where one store is. */
export interface StorePlace {
  /** Opens the store there with default options; called again only where `persistence` is `disk`. */
  open(): Promise<StorageEngine>;
  /** Starts a process that serves `serveConformance` over this place. Needed for `disk`. */
  fork?(): ConformanceChild;
  /** Deletes all that is left; the store is closed by then. */
  remove(): Promise<void>;
}

/** A running child process. */
export interface ConformanceChild {
  /** Writes a line to the child. */
  send(line: string): void;
  /** What the child writes, line by line, up to its death. */
  readonly lines: AsyncIterable<string>;
  /** Kills it without a chance to clean up (SIGKILL); resolves when it is gone. */
  kill(): Promise<void>;
}

/** How much of the long tests to run. */
export interface ConformanceOptions {
  /** Child processes killed while they write; 50 when left out. */
  readonly kills?: number | undefined;
  /** Seed of everything random, a whole number; 1 when left out. */
  readonly seed?: number | undefined;
}
