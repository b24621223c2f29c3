/**
 * The node's own miner: takes templates, searches them on a pool, hands blocks in.
 *
 * @see spec 40-tensority, section 10 "CPU miner"
 */
import { type BlockFate, type BlockTemplate, withWork } from "../mining/template-holder.ts";
import type { Progress } from "./mine.ts";
import type { TensorityPool } from "./pool.ts";
import type { Signal } from "./queue.ts";

declare class AbortController {
  readonly signal: Signal;
  abort(reason?: unknown): void;
}
declare function setTimeout(task: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** What {@link createMiner} works with. */
export interface MinerOptions<T extends BlockTemplate> {
  /** Where the hashes are computed. The miner does not close it. */
  readonly pool: Pick<TensorityPool, "mine">;
  /** A template on the current tip. */
  createTemplate(): Promise<T>;
  /** The block hash of a header, 32 bytes. */
  headerHash(header: T["header"]): Uint8Array;
  /** The target that compact difficulty stands for. */
  targetFromBits(bits: bigint): bigint;
  /** Validates and stores a solved block; rejects when it is invalid. */
  processBlock(solved: T): Promise<BlockFate>;
  /** Tells the peers of a mined block, an orphan too. */
  announceBlock(solved: T): void;
  /** Called when a template could not be made or a block was refused; the miner goes on. */
  onError(error: unknown): void;
  /** Called after each hash. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A miner that can be switched on and off. */
export interface Miner {
  readonly isMining: boolean;
  /** Begins to mine; nothing happens when it does already. */
  start(): void;
  /** Gives up the current search; resolves when the miner is still. */
  stop(): Promise<void>;
  /** Gives up the current template for a new one: call it whenever the tip changes. */
  renew(): void;
}

/** Milliseconds to wait after an error. */
const RETRY_MS = 1000;

const STOPPED = new Error("mining was stopped");
const RENEWED = new Error("the tip changed");

/** A miner that stands still until it is started. */
export function createMiner<T extends BlockTemplate>(options: MinerOptions<T>): Miner {
  let search: AbortController | undefined;
  let running: Promise<void> | undefined;
  let isMining = false;

  const mineOnce = async (signal: Signal) => {
    const template = await options.createTemplate();
    const { header, seed } = template;
    const withNonce = (nonce: bigint) => withWork(template, header.timestamp, nonce);
    const found = await options.pool.mine(
      { seed, headerHash: (nonce) => options.headerHash(withNonce(nonce).header) },
      options.targetFromBits(header.seal.bits),
      { signal, onProgress: options.onProgress },
    );
    if (found === undefined) return;
    const solved = withNonce(found.nonce);
    await options.processBlock(solved);
    options.announceBlock(solved);
  };

  const loop = async () => {
    while (isMining) {
      search = new AbortController();
      const { signal } = search;
      try {
        await mineOnce(signal);
      } catch (error) {
        if (error === STOPPED || error === RENEWED) continue;
        options.onError(error);
        await pause(RETRY_MS, signal);
      }
    }
  };

  return {
    get isMining() {
      return isMining;
    },
    start() {
      if (isMining) return;
      isMining = true;
      running = (running ?? Promise.resolve()).then(loop);
    },
    async stop() {
      isMining = false;
      search?.abort(STOPPED);
      await running;
    },
    renew: () => search?.abort(RENEWED),
  };
}

function pause(ms: number, signal: Signal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
