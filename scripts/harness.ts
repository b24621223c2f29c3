/** One timed operation of a {@link BenchSuite}. */
export interface BenchCase {
  /** What runs and its parameters: `verify, 2-of-3`. */
  readonly name: string;
  /** Does `operations` operations; what it returns is ignored. */
  run(): unknown | Promise<unknown>;
  /** Operations in one call of `run`; 1 when left out. */
  readonly operations?: number;
  /** Name of the case of the same suite that this one is measured against. */
  readonly comparedTo?: string;
}

/** A `test/<topic>.bench.ts` exports a function that gives one of these, or several. */
export interface BenchSuite {
  readonly name: string;
  readonly cases: readonly BenchCase[];
  /** Facts that belong under the table: sizes, which backend was chosen. */
  readonly notes?: readonly string[];
  /** CPU milliseconds to spend on each case; 500 when left out. */
  readonly timeMs?: number;
  /** Frees what the cases hold: workers, files. */
  close?(): unknown | Promise<unknown>;
}

/** What a `test/<topic>.bench.ts` exports as default. */
export type BenchFile = () => BenchSuite | BenchSuite[] | Promise<BenchSuite | BenchSuite[]>;

/** One decoder under fuzzing; a `test/<topic>.fuzz.ts` exports a function that gives a list of them. */
export interface FuzzTarget {
  /** `<package>/<decoder>`. */
  readonly name: string;
  /** Valid inputs, from which mutations start. */
  readonly seeds: readonly Uint8Array[];
  /** Decodes and checks laws that must hold for whatever was accepted. */
  run(input: Uint8Array): void;
  /** Is this the error that the package documents for bad input? Anything else fails the run. */
  isExpected(error: unknown): boolean;
  /** Longest input to generate, bytes; 4096 when left out. */
  readonly maxLength?: number;
}

/** What a `test/<topic>.fuzz.ts` exports as default. */
export type FuzzFile = () => FuzzTarget[] | Promise<FuzzTarget[]>;
