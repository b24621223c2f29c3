/**
 * Evidence on its way into a block: found here or by others, once for each offense.
 *
 * Evidence counts in the epoch of the offense and in the next one. So what was included in these
 * two is all that a validator must remember to refuse a repetition, and whoever knows the blocks of
 * two epochs remembers the same: after a restart, and after catching up.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import { BbftError } from "../error.ts";
import { epochOf } from "../validator-set.ts";
import type { CoreHost } from "./core-host.ts";
import {
  type ContextOfEpoch,
  decodeEvidence,
  type Evidence,
  encodeEvidence,
  evidenceCheck,
  evidencePlace,
  offenseKey,
} from "./evidence.ts";

/** Evidence waiting to be included. */
const MAX_EVIDENCE = 64;
/** Evidence that the application was told of; what is older it could be told once more. */
const REMEMBERED_EVIDENCE = 4096;
/** Evidence in one block. */
const EVIDENCE_PER_BLOCK = 16;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly epoch: bigint;
  readonly height: bigint;
}

export class EvidencePool {
  readonly #host: CoreHost;
  readonly #contextOf: ContextOfEpoch;
  readonly #waiting: Map<string, Waiting> = new Map();
  /** Offenses in decided blocks, with their epoch. */
  readonly #included: Map<string, bigint> = new Map();
  /** What the application was told of; it outlives the epoch, as evidence of the last one counts. */
  readonly #told: Set<string> = new Set();

  constructor(host: CoreHost) {
    this.#host = host;
    this.#contextOf = (epoch) => host.contextOf(epoch);
  }

  /** Evidence for a block of the current height. */
  get next(): readonly Uint8Array[] {
    const { height } = this.#host.current;
    return [...this.#waiting.values()]
      .filter((waiting) => this.#isTimely(waiting, height))
      .slice(0, EVIDENCE_PER_BLOCK)
      .map(({ bytes }) => bytes);
  }

  /** Does it count in a block of this height: of this epoch or the one before, and not too old? */
  #isTimely(place: { readonly epoch: bigint; readonly height: bigint }, height: bigint): boolean {
    const { context } = this.#host;
    const { epochLength, evidenceMaxAge } = context.parameters;
    return (
      place.height >= 1n &&
      place.epoch === epochOf(place.height, epochLength) &&
      place.epoch + 1n >= context.epoch &&
      place.height <= height &&
      height - place.height <= evidenceMaxAge
    );
  }

  /**
   * Reads evidence in a block of the current height.
   *
   * @returns the name of the offense, and the evidence whose signatures are still to check
   * @throws {@link BbftError} `stale` when it is too old, `engine-data` when it was included before;
   *   those of {@link decodeEvidence}
   */
  read(bytes: Uint8Array, height: bigint): { evidence: Evidence; offense: string } {
    const evidence = decodeEvidence(bytes, this.#contextOf);
    if (!this.#isTimely(evidencePlace(evidence, this.#contextOf), height))
      throw new BbftError("stale", { height });
    const offense = offenseKey(evidence, this.#contextOf);
    if (this.#included.has(offense)) throw new BbftError("engine-data", { height });
    return { evidence, offense };
  }

  /** Takes in what this node found, and tells those who can include it. */
  report(evidence: Evidence): void {
    const bytes = encodeEvidence(evidence);
    if (!this.#keep(bytes, evidence)) return;
    const { current, index } = this.#host;
    const { view } = current.state;
    const leaders = [view, view + 1].map((at) => current.roleIn(at).leader);
    const others = [...new Set(leaders)].filter((one) => one !== index);
    this.#host.send(others, { type: "evidence", evidence: bytes }, "recovery", current.height);
  }

  /** Takes in what another node found, once its signatures are checked. */
  onMessage(bytes: Uint8Array): void {
    try {
      const evidence = decodeEvidence(bytes, this.#contextOf);
      if (!this.#isWanted(evidence)) return;
      const check = evidenceCheck(evidence, this.#host.chainId, this.#contextOf);
      this.#host.verify(check, (invalid) => {
        if (invalid.length === 0 && this.#isKnownEpoch(evidence)) this.#keep(bytes, evidence);
      });
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
    }
  }

  /** Is its epoch still one that counts? A check may take longer than an epoch. */
  #isKnownEpoch(evidence: Evidence): boolean {
    try {
      return this.#contextOf(evidencePlace(evidence, this.#contextOf).epoch) !== undefined;
    } catch (error) {
      if (error instanceof BbftError) return false;
      throw error;
    }
  }

  #isWanted(evidence: Evidence): boolean {
    const key = offenseKey(evidence, this.#contextOf);
    const isKnown = this.#waiting.has(key) || this.#included.has(key);
    return !isKnown && this.#waiting.size < MAX_EVIDENCE;
  }

  #keep(bytes: Uint8Array, evidence: Evidence): boolean {
    if (!this.#isWanted(evidence)) return false;
    const key = offenseKey(evidence, this.#contextOf);
    const { epoch, height } = evidencePlace(evidence, this.#contextOf);
    this.#waiting.set(key, { bytes, epoch, height });
    const { validator } = evidence;
    if (!this.#told.has(key)) this.#host.emit({ type: "evidence", evidence: bytes, validator });
    remember(this.#told, key);
    return true;
  }

  /** It is in a decided block. */
  onIncluded(bytes: Uint8Array): void {
    try {
      const evidence = decodeEvidence(bytes, this.#contextOf);
      const key = offenseKey(evidence, this.#contextOf);
      this.#waiting.delete(key);
      this.#included.set(key, evidencePlace(evidence, this.#contextOf).epoch);
    } catch (error) {
      // Of an epoch before those that this node knows: it counts no more.
      if (!(error instanceof BbftError)) throw error;
    }
  }

  /** A new epoch begins: what can count no more is forgotten. */
  startEpoch(epoch: bigint): void {
    const oldest = epoch - 1n;
    for (const [key, { epoch }] of this.#waiting) if (epoch < oldest) this.#waiting.delete(key);
    for (const [key, epoch] of this.#included) if (epoch < oldest) this.#included.delete(key);
  }
}

/** Adds a key; the oldest makes room. */
function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  if (keys.size <= REMEMBERED_EVIDENCE) return;
  const [oldest = key] = keys;
  keys.delete(oldest);
}
