import { cachedVerify, type Verify } from "@bystack/bvm";
import { verify as verifySignature } from "@bystack/crypto";
import type { HitCounter } from "../metrics.ts";
import { createProgramRunner, type ProgramRunner } from "./program.ts";

/** Signatures that are remembered, at most; about 40 MB. */
const DEFAULT_LIMIT = 2 ** 17;

/**
 * Signatures that were found good. A signature is good or not whatever the block, so the mempool can
 * check it and the block that brings it later need not.
 *
 * @see spec 94-parallel-validation, section 3.2
 */
export class SignatureCache {
  private readonly limit: number;
  private readonly verify: Verify;
  /** Signatures of blocks that were looked up. */
  readonly lookups: HitCounter = { asked: 0, hits: 0 };
  /** In the order of arrival: the oldest goes first. */
  private readonly good = new Set<string>();

  /**
   * @param limit signatures to remember
   * @param verify checks a signature; the chain's own rule when left out
   */
  constructor(limit: number = DEFAULT_LIMIT, verify: Verify = verifySignature) {
    this.limit = limit;
    this.verify = verify;
  }

  get size(): number {
    return this.good.size;
  }

  /** Runs programs and remembers each good signature: for what comes again in a block. */
  fillingRunner(): ProgramRunner {
    const set = (key: string, isGood: boolean) => isGood && this.remember(key);
    return createProgramRunner(cachedVerify(this.verify, { get: (key) => this.find(key), set }));
  }

  /** Runs programs and remembers nothing: for blocks, whose signatures do not come again. */
  readingRunner(): ProgramRunner {
    const { verify } = this;
    const get = (key: string) => {
      const found = this.find(key);
      this.lookups.asked++;
      if (found) this.lookups.hits++;
      return found;
    };
    const cached = cachedVerify(verify, { get, set() {} });
    return createProgramRunner((message, signature, publicKey) =>
      this.good.size === 0
        ? verify(message, signature, publicKey)
        : cached(message, signature, publicKey),
    );
  }

  private find(key: string): true | undefined {
    return this.good.has(key) ? true : undefined;
  }

  private remember(key: string): void {
    this.good.add(key);
    const [oldest] = this.good;
    if (this.good.size > this.limit && oldest !== undefined) this.good.delete(oldest);
  }
}
