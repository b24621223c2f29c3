/**
 * After the loss of the write-ahead log: signs nothing until what was signed cannot matter.
 *
 * @see spec 90-bbft, section 15 "Durability: never sign twice", item 4
 */

/** Heights to see decided first. */
const SILENT_DECISIONS = 2;

export class LostLogSilence {
  /** The first epoch to sign in. */
  readonly #epoch: bigint;
  #isOver: boolean;
  #decisions = 0;

  constructor(hasLostLog: boolean, epoch: bigint) {
    this.#isOver = !hasLostLog;
    this.#epoch = epoch + 1n;
  }

  onDecided(): void {
    this.#decisions++;
  }

  /** @param epoch of what would be signed */
  isSilent(epoch: bigint): boolean {
    this.#isOver ||= this.#decisions >= SILENT_DECISIONS && epoch >= this.#epoch;
    return !this.#isOver;
  }
}
