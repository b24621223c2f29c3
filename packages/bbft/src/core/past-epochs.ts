/**
 * The validators of epochs before the last two, fetched for as long as evidence against them is
 * looked at. Nothing is kept longer: old evidence is rare, and there are many epochs.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import type { DecodeContext } from "./message-codec.ts";

interface PastEpoch {
  context: DecodeContext | undefined;
  users: number;
}

export class PastEpochs {
  readonly #fetch: (epoch: bigint, then: (context: DecodeContext) => void) => void;
  readonly #epochs: Map<bigint, PastEpoch> = new Map();
  /** Called whenever an epoch arrives; each knows by itself whether it has all it needs. */
  readonly #waiting: Set<() => void> = new Set();

  constructor(fetch: (epoch: bigint, then: (context: DecodeContext) => void) => void) {
    this.#fetch = fetch;
  }

  find(epoch: bigint): DecodeContext | undefined {
    return this.#epochs.get(epoch)?.context;
  }

  /**
   * Calls back when all these epochs are known, at once or later; they stay known until they are
   * released.
   */
  use(epochs: ReadonlySet<bigint>, then: (release: () => void) => void): void {
    const release = (): void => {
      for (const epoch of epochs) this.#leave(epoch);
    };
    const tryIt = (): void => {
      for (const epoch of epochs) if (this.find(epoch) === undefined) return;
      if (this.#waiting.delete(tryIt)) then(release);
    };
    this.#waiting.add(tryIt);
    for (const epoch of epochs) this.#enter(epoch);
    tryIt();
  }

  #enter(epoch: bigint): void {
    const known = this.#epochs.get(epoch);
    if (known !== undefined) {
      known.users++;
      return;
    }
    const fetched: PastEpoch = { context: undefined, users: 1 };
    this.#epochs.set(epoch, fetched);
    this.#fetch(epoch, (context) => {
      fetched.context = context;
      for (const tryIt of [...this.#waiting]) tryIt();
    });
  }

  #leave(epoch: bigint): void {
    const known = this.#epochs.get(epoch);
    if (known === undefined) return;
    known.users--;
    if (known.users === 0) this.#epochs.delete(epoch);
  }
}
