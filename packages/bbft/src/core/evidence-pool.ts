/**
 * Evidence on its way into a block: found here or by others, once for each offense.
 *
 * What was included about the current epoch and the one before is remembered here, so whoever knows
 * the blocks of two epochs remembers the same: after a restart, and after catching up. What is older
 * counts only where the application remembers it.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import { keyOf } from "../bytes.ts";
import { BbftError } from "../error.ts";
import { epochOf } from "../validator-set.ts";
import type { CoreHost } from "./core-host.ts";
import {
  type ContextOfEpoch,
  decodeEvidence,
  type Evidence,
  encodeEvidence,
  epochsInEvidence,
  evidenceCheck,
} from "./evidence.ts";
import { type Offense, offenseId, offenseOf } from "./offense.ts";
import { PastEpochs } from "./past-epochs.ts";

/** Evidence waiting to be included. */
const MAX_EVIDENCE = 64;
/** Of one peer, evidence that is looked at. */
const OPEN_PER_PEER = 8;
/** Evidence that the application was told of; what is older it could be told once more. */
const REMEMBERED_EVIDENCE = 4096;
/** Evidence in one block. */
const EVIDENCE_PER_BLOCK = 16;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly offense: Offense;
}

const keyFor = (offense: Offense): string => keyOf(offenseId(offense));

export class EvidencePool {
  readonly #host: CoreHost;
  readonly #past: PastEpochs;
  readonly #waiting: Map<string, Waiting> = new Map();
  /** Offenses of the last two epochs in decided blocks, with their epoch. */
  readonly #included: Map<string, bigint> = new Map();
  /** What the application was told of; it outlives the epoch. */
  readonly #told: Set<string> = new Set();
  /** Evidence of each peer that is looked at just now. */
  readonly #open: Map<number, number> = new Map();
  /** Who sent false evidence in this epoch: not listened to any more. */
  readonly #liars: Set<number> = new Set();

  constructor(host: CoreHost) {
    this.#host = host;
    this.#past = new PastEpochs((epoch, then) => host.recallEpoch(epoch, then));
  }

  /** The set against which evidence of an epoch is read, while it is known. */
  readonly contextOf: ContextOfEpoch = (epoch) =>
    this.#host.contextOf(epoch) ?? this.#past.find(epoch);

  /** Evidence for a block of the current height. */
  get next(): readonly Uint8Array[] {
    const { height } = this.#host.current;
    return [...this.#waiting.values()]
      .filter(({ offense }) => offense.height <= height && this.#counts(offense, height))
      .slice(0, EVIDENCE_PER_BLOCK)
      .map(({ bytes }) => bytes);
  }

  /** Does an offense count at a height: is it not too old, and of an epoch that can be judged? */
  #counts({ epoch, height: place }: Offense, height: bigint): boolean {
    const { epochLength, evidenceMaxAge } = this.#host.context.parameters;
    return (
      place >= 1n &&
      epoch === epochOf(place, epochLength) &&
      (this.#isRecent(epoch) || this.#host.remembersOffenses) &&
      height - place <= evidenceMaxAge
    );
  }

  #isRecent(epoch: bigint): boolean {
    return epoch + 1n >= this.#host.context.epoch;
  }

  /** Could an offense of an epoch still count? */
  #canRecall(epoch: bigint): boolean {
    const { current, context, remembersOffenses } = this.#host;
    const { epochLength, evidenceMaxAge } = context.parameters;
    const last = (epoch + 1n) * BigInt(epochLength);
    return remembersOffenses && !this.#isRecent(epoch) && current.height - last <= evidenceMaxAge;
  }

  /**
   * Fetches the validators that are needed to read evidence; calls back at once or later.
   *
   * @param then given what must be called when the evidence is read and checked; undefined when some
   *   of it is malformed or counts no more
   */
  fetchEpochs(
    evidence: readonly Uint8Array[],
    then: (release: (() => void) | undefined) => void,
  ): void {
    const missing = new Set<bigint>();
    try {
      for (const bytes of evidence)
        for (const epoch of epochsInEvidence(bytes))
          if (this.#host.contextOf(epoch) === undefined) missing.add(epoch);
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
      then(undefined);
      return;
    }
    const canAll = [...missing].every((epoch) => this.#canRecall(epoch));
    if (canAll) this.#past.use(missing, then);
    else then(undefined);
  }

  /**
   * Reads evidence in a block of the current height.
   *
   * @returns the offense, and the evidence whose signatures are still to check
   * @throws {@link BbftError} `stale` when it is too old, `engine-data` when it was included before;
   *   those of {@link decodeEvidence}
   */
  read(bytes: Uint8Array, height: bigint): { evidence: Evidence; offense: Offense } {
    const evidence = decodeEvidence(bytes, this.contextOf);
    const offense = offenseOf(evidence, this.contextOf);
    if (offense.height > height || !this.#counts(offense, height))
      throw new BbftError("stale", { height });
    if (this.#included.has(keyFor(offense))) throw new BbftError("engine-data", { height });
    return { evidence, offense };
  }

  /** Asks the application about offenses that this node does not remember itself. */
  areNew(offenses: readonly Offense[], then: (areNew: boolean) => void): void {
    const old = offenses.filter(({ epoch }) => !this.#isRecent(epoch));
    let [open, areNew] = [old.length, true];
    if (open === 0) then(true);
    for (const offense of old)
      this.#host.recallOffense(offenseId(offense), (isKnown) => {
        areNew &&= !isKnown;
        if (--open === 0) then(areNew);
      });
  }

  /** The offenses that evidence of a decided block proves; without those of unknown epochs. */
  offensesIn(evidence: readonly Uint8Array[]): Offense[] {
    return evidence.flatMap((bytes) => {
      try {
        return offenseOf(decodeEvidence(bytes, this.contextOf), this.contextOf);
      } catch (error) {
        if (error instanceof BbftError) return [];
        throw error;
      }
    });
  }

  /** Takes in what this node found, and tells those who can include it. */
  report(evidence: Evidence): void {
    const bytes = encodeEvidence(evidence);
    if (this.#keep(bytes, offenseOf(evidence, this.contextOf))) this.#tellLeaders(bytes);
  }

  #tellLeaders(bytes: Uint8Array): void {
    const { current, index } = this.#host;
    const { view } = current.state;
    const leaders = [view, view + 1].map((at) => current.roleIn(at).leader);
    const others = [...new Set(leaders)].filter((one) => one !== index);
    this.#host.send(others, { type: "evidence", evidence: bytes }, "recovery", current.height);
  }

  /** Takes in what somebody outside found, and tells those who can include it. */
  onSubmitted(bytes: Uint8Array): void {
    this.#takeIn(bytes, {
      onKept: () => this.#tellLeaders(bytes),
      onInvalid() {},
      onDone() {},
    });
  }

  /** Takes in what another node found, once its signatures are checked. */
  onMessage(from: number, bytes: Uint8Array): void {
    const open = this.#open.get(from) ?? 0;
    if (open >= OPEN_PER_PEER || this.#liars.has(from)) return;
    this.#open.set(from, open + 1);
    this.#takeIn(bytes, {
      onKept() {},
      onInvalid: () => this.#refuse(from),
      onDone: () => this.#open.set(from, (this.#open.get(from) ?? 1) - 1),
    });
  }

  #takeIn(bytes: Uint8Array, then: { onKept(): void; onInvalid(): void; onDone(): void }): void {
    this.fetchEpochs([bytes], (release) => {
      const done = (): void => {
        release?.();
        then.onDone();
      };
      try {
        const evidence = decodeEvidence(bytes, this.contextOf);
        const offense = offenseOf(evidence, this.contextOf);
        if (!this.#isWanted(offense)) {
          done();
          return;
        }
        const check = evidenceCheck(evidence, this.#host.chainId, this.contextOf);
        this.#host.verify(check, (invalid) => {
          done();
          if (invalid.length > 0) then.onInvalid();
          else
            this.areNew([offense], (isNew) => {
              if (isNew && this.#keep(bytes, offense)) then.onKept();
            });
        });
      } catch (error) {
        if (!(error instanceof BbftError)) throw error;
        done();
      }
    });
  }

  /** Nobody passes evidence on without having checked it: such a sender costs time on purpose. */
  #refuse(from: number): void {
    this.#liars.add(from);
    this.#host.emit({ type: "blame", validator: from, reason: "signature" });
  }

  #isWanted(offense: Offense): boolean {
    const key = keyFor(offense);
    const isKnown = this.#waiting.has(key) || this.#included.has(key);
    const { height } = this.#host.current;
    return !isKnown && this.#waiting.size < MAX_EVIDENCE && this.#counts(offense, height);
  }

  #keep(bytes: Uint8Array, offense: Offense): boolean {
    if (!this.#isWanted(offense)) return false;
    const key = keyFor(offense);
    this.#waiting.set(key, { bytes, offense });
    const { validator } = offense;
    if (!this.#told.has(key)) this.#host.emit({ type: "evidence", evidence: bytes, validator });
    remember(this.#told, key);
    return true;
  }

  /** They are in a decided block. */
  onIncluded(offenses: readonly Offense[]): void {
    for (const offense of offenses) {
      const key = keyFor(offense);
      this.#waiting.delete(key);
      if (this.#isRecent(offense.epoch)) this.#included.set(key, offense.epoch);
    }
  }

  /** A new epoch begins: forgets what can count no more, and what is the application's memory now. */
  startEpoch(next: bigint): void {
    const { remembersOffenses, context, current } = this.#host;
    const { evidenceMaxAge } = context.parameters;
    const oldest = next - 1n;
    for (const [key, { offense }] of this.#waiting) {
      const isLost = offense.epoch < oldest && !remembersOffenses;
      if (isLost || current.height - offense.height > evidenceMaxAge) this.#waiting.delete(key);
    }
    for (const [key, epoch] of this.#included) if (epoch < oldest) this.#included.delete(key);
    this.#liars.clear();
  }
}

/** Adds a key; the oldest makes room. */
function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  if (keys.size <= REMEMBERED_EVIDENCE) return;
  const [oldest = key] = keys;
  keys.delete(oldest);
}
