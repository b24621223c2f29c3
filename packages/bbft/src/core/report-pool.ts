/**
 * Latency reports of an epoch: one of each reporter, on its way into a block or in one.
 *
 * @see spec 90-bbft, sections 11.1 "Measuring" and 12.1 "engineData"
 */
import { keyOf } from "../bytes.ts";
import { BbftError } from "../error.ts";
import type { CoreHost } from "./core-host.ts";
import { decodeLatencyReport, latencyCheck } from "./latency-report.ts";

/** Latency reports in one block. */
const REPORTS_PER_BLOCK = 32;

export class ReportPool {
  readonly #host: CoreHost;
  readonly #waiting: Map<string, Uint8Array> = new Map();
  /** Decided in this epoch, in order. */
  #decided: Uint8Array[] = [];
  /** Reporters of those. */
  readonly #reporters: Set<string> = new Set();

  constructor(host: CoreHost) {
    this.#host = host;
  }

  /** Reports for the next block. */
  get next(): readonly Uint8Array[] {
    return [...this.#waiting.values()].slice(0, REPORTS_PER_BLOCK);
  }

  get decided(): readonly Uint8Array[] {
    return this.#decided;
  }

  hasDecided(idKey: Uint8Array): boolean {
    return this.#reporters.has(keyOf(idKey));
  }

  /** What this node measured: the leader can include it. */
  onOwn(report: Uint8Array): void {
    this.onMessage(report);
    const { current, index } = this.#host;
    const { leader } = current.roleIn(current.state.view);
    if (leader !== index)
      this.#host.send([leader], { type: "latency-report", report }, "recovery", current.height);
  }

  /** Takes in a report, once its signature is checked. */
  onMessage(bytes: Uint8Array): void {
    try {
      const report = decodeLatencyReport(bytes);
      const key = keyOf(report.idKey);
      if (this.#waiting.has(key) || this.#reporters.has(key)) return;
      const { chainId, context } = this.#host;
      const check = latencyCheck(report, chainId, context.electorate.set);
      this.#host.verify(check, (invalid) => {
        if (invalid.length === 0 && report.epoch === this.#host.context.epoch)
          this.#waiting.set(key, bytes);
      });
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
    }
  }

  /** It is in a decided block. */
  onIncluded(bytes: Uint8Array): void {
    const reporter = keyOf(decodeLatencyReport(bytes).idKey);
    this.#decided.push(bytes);
    this.#reporters.add(reporter);
    this.#waiting.delete(reporter);
  }

  startEpoch(): void {
    this.#decided = [];
    this.#reporters.clear();
    this.#waiting.clear();
  }
}
