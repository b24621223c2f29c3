/**
 * Evidence on its way into a block: found here or by others, once each.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import { keyOf } from "../bytes.ts";
import { BbftError } from "../error.ts";
import { hash } from "../signing.ts";
import type { CoreHost } from "./core-host.ts";
import { decodeEvidence, type Evidence, encodeEvidence, evidenceCheck } from "./evidence.ts";

/** Evidence waiting to be included. */
const MAX_EVIDENCE = 64;
/** Evidence that is known to be included or reported; what is older could come once more. */
const REMEMBERED_EVIDENCE = 4096;
/** Evidence in one block. */
const EVIDENCE_PER_BLOCK = 16;

export class EvidencePool {
  readonly #host: CoreHost;
  readonly #waiting: Map<string, Uint8Array> = new Map();
  readonly #included: Set<string> = new Set();
  /** What the application was told of; it outlives the epoch, as evidence of the last one counts. */
  readonly #told: Set<string> = new Set();

  constructor(host: CoreHost) {
    this.#host = host;
  }

  /** Evidence for the next block. */
  get next(): readonly Uint8Array[] {
    return [...this.#waiting.values()].slice(0, EVIDENCE_PER_BLOCK);
  }

  /** Takes in what this node found, and tells those who can include it. */
  report(evidence: Evidence): void {
    const bytes = encodeEvidence(evidence);
    if (!this.#keep(bytes, evidence.validator)) return;
    const { current, index } = this.#host;
    const { view } = current.state;
    const leaders = [view, view + 1].map((at) => current.roleIn(at).leader);
    const others = [...new Set(leaders)].filter((one) => one !== index);
    this.#host.send(others, { type: "evidence", evidence: bytes }, "recovery", current.height);
  }

  /** Takes in what another node found, once its signatures are checked. */
  onMessage(bytes: Uint8Array): void {
    if (!this.#isWanted(evidenceKey(bytes))) return;
    try {
      const evidence = decodeEvidence(bytes, this.#host.context);
      const check = evidenceCheck(evidence, this.#host.chainId);
      this.#host.verify(check, (invalid) => {
        if (invalid.length === 0) this.#keep(bytes, evidence.validator);
      });
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
    }
  }

  #isWanted(key: string): boolean {
    const isKnown = this.#waiting.has(key) || this.#included.has(key);
    return !isKnown && this.#waiting.size < MAX_EVIDENCE;
  }

  #keep(bytes: Uint8Array, validator: number): boolean {
    const key = evidenceKey(bytes);
    if (!this.#isWanted(key)) return false;
    this.#waiting.set(key, bytes);
    if (!this.#told.has(key)) this.#host.emit({ type: "evidence", evidence: bytes, validator });
    remember(this.#told, key);
    return true;
  }

  /** It is in a decided block. */
  onIncluded(bytes: Uint8Array): void {
    const key = evidenceKey(bytes);
    this.#waiting.delete(key);
    remember(this.#included, key);
  }

  startEpoch(): void {
    this.#waiting.clear();
  }
}

const evidenceKey = (bytes: Uint8Array): string => keyOf(hash(bytes));

/** Adds a key; the oldest makes room. */
function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  if (keys.size <= REMEMBERED_EVIDENCE) return;
  const [oldest = key] = keys;
  keys.delete(oldest);
}
