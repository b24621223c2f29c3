/**
 * After the loss of the write-ahead log: signs nothing until what was signed cannot matter.
 *
 * Only what is decided by taking part counts. A validator that lost its blocks as well fetches old
 * ones first, and must not believe that the end of an old epoch is the one to wait for.
 *
 * @see spec 90-bbft, section 15 "Durability: never sign twice", item 4
 */

/** Heights to see decided first. */
const SILENT_DECISIONS = 2;

export class LostLogSilence {
  #isOver: boolean;
  #decisions = 0;
  /** The first epoch to sign in, once a height was decided by taking part. */
  #epoch: bigint | undefined;

  constructor(hasLostLog: boolean) {
    this.#isOver = !hasLostLog;
  }

  /** Must nothing be signed? */
  get isSilent(): boolean {
    return !this.#isOver;
  }

  /**
   * A height was decided.
   *
   * @param isLive by votes or a certificate of that time, not by a proof fetched later
   */
  onDecided(epoch: bigint, isLive: boolean): void {
    if (!isLive) return;
    this.#decisions++;
    this.#epoch ??= epoch + 1n;
  }

  /** A height of this epoch begins; true when the silence is over with it. */
  endsWith(epoch: bigint): boolean {
    if (this.#isOver || this.#decisions < SILENT_DECISIONS) return false;
    this.#isOver = this.#epoch !== undefined && epoch >= this.#epoch;
    return this.#isOver;
  }
}
