/**
 * The engine's own data of a block: made by the leader, checked by everybody, applied when decided.
 *
 * @see spec 90-bbft, section 12.1 "engineData"
 */
import { sameBytes } from "../bytes.ts";
import { decodeCommitProof, encodeCommitProof } from "../certificate.ts";
import { BbftError } from "../error.ts";
import { isLastOfEpoch, powerOf, type ValidatorSet, valsetHash } from "../validator-set.ts";
import type { CoreHost } from "./core-host.ts";
import {
  decodeEngineData,
  ENGINE_ITEM,
  type EngineItem,
  encodeEngineData,
  findItem,
} from "./engine-data.ts";
import type { EpochContext } from "./epoch-context.ts";
import { type Epochs, followingSet } from "./epochs.ts";
import type { Check, Decision } from "./events.ts";
import { decodeEvidence, evidenceCheck } from "./evidence.ts";
import type { EvidencePool } from "./evidence-pool.ts";
import { decodeLatencyReport, latencyCheck } from "./latency-report.ts";
import type { ReportPool } from "./report-pool.ts";

export class BlockData {
  readonly #host: CoreHost;
  readonly #epochs: Epochs;
  readonly #evidence: EvidencePool;
  readonly #reports: ReportPool;

  constructor(
    host: CoreHost,
    parts: {
      readonly epochs: Epochs;
      readonly evidence: EvidencePool;
      readonly reports: ReportPool;
    },
  ) {
    this.#host = host;
    this.#epochs = parts.epochs;
    this.#evidence = parts.evidence;
    this.#reports = parts.reports;
  }

  make(
    height: bigint,
    context: EpochContext,
    nextValidators: ValidatorSet | undefined,
  ): Uint8Array {
    const { proof } = this.#host.tip;
    const items: EngineItem[] = [];
    if (height > 1n && proof !== undefined)
      items.push({ type: ENGINE_ITEM.LAST_COMMIT, bytes: encodeCommitProof(proof) });
    for (const bytes of this.#evidence.next) items.push({ type: ENGINE_ITEM.EVIDENCE, bytes });
    for (const bytes of this.#reports.next) items.push({ type: ENGINE_ITEM.LATENCY, bytes });
    if (isLastOfEpoch(height, context.parameters.epochLength)) {
      const bytes = valsetHash(followingSet(context, nextValidators));
      items.push({ type: ENGINE_ITEM.NEXT_VALSET, bytes });
    }
    return encodeEngineData(items);
  }

  /** Checks engine data of others; calls back with the verdict, at once or later. */
  check(
    height: bigint,
    context: EpochContext,
    bytes: Uint8Array,
    then: (isValid: boolean) => void,
  ): void {
    const checks: Check[] = [];
    try {
      for (const item of decodeEngineData(bytes, height, context.parameters.epochLength)) {
        const check = this.#checkOf(item, height, context);
        if (check !== undefined) checks.push(check);
      }
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
      then(false);
      return;
    }
    if (checks.length === 0) then(true);
    else this.#host.verify({ type: "all", checks }, (invalid) => then(invalid.length === 0));
  }

  /**
   * What is left to check of an item, if anything.
   *
   * @throws {@link BbftError} when it is wrong without a further check
   */
  #checkOf({ type, bytes }: EngineItem, height: bigint, context: EpochContext): Check | undefined {
    const { chainId } = this.#host;
    switch (type) {
      case ENGINE_ITEM.EVIDENCE:
        return evidenceCheck(decodeEvidence(bytes, context), chainId);
      case ENGINE_ITEM.LAST_COMMIT:
        return this.#checkLastCommit(height, bytes);
      case ENGINE_ITEM.LATENCY: {
        const report = decodeLatencyReport(bytes);
        if (this.#reports.hasDecided(report.idKey)) throw new BbftError("engine-data", { height });
        return latencyCheck(report, chainId, context.electorate.set);
      }
      case ENGINE_ITEM.NEXT_VALSET:
        return undefined;
      default:
        throw new BbftError("engine-data", { height, found: type });
    }
  }

  /** @throws {@link BbftError} when it is not a proof of the block before */
  #checkLastCommit(height: bigint, bytes: Uint8Array): Check | undefined {
    const { tip } = this.#host;
    if (tip.proof !== undefined && sameBytes(bytes, encodeCommitProof(tip.proof))) return undefined;
    const context = this.#epochs.at(height - 1n);
    const proof = decodeCommitProof(bytes, context.electorate, context.scheme);
    const { certificate, appBlockId } = proof;
    const isSound =
      certificate.height === height - 1n &&
      sameBytes(appBlockId, tip.appBlockId) &&
      powerOf(context.electorate, certificate.signers) >= context.electorate.quorumPower;
    if (!isSound) throw new BbftError("justification", { height });
    return { type: "certificate", certificate };
  }

  /** Is the announced next set the one that the application computed? */
  isNextSetRight(
    height: bigint,
    context: EpochContext,
    bytes: Uint8Array,
    next: ValidatorSet | undefined,
  ): boolean {
    const { epochLength } = context.parameters;
    if (!isLastOfEpoch(height, epochLength)) return true;
    const items = decodeEngineData(bytes, height, epochLength);
    const announced = findItem(items, ENGINE_ITEM.NEXT_VALSET);
    return announced !== undefined && sameBytes(announced, valsetHash(followingSet(context, next)));
  }

  /** Evidence and reports of a decided block wait no more. */
  onApplied({ height, body }: Decision): void {
    const { epochLength } = this.#host.context.parameters;
    for (const { type, bytes } of decodeEngineData(body.engineData, height, epochLength)) {
      if (type === ENGINE_ITEM.LATENCY) this.#reports.onIncluded(bytes);
      else if (type === ENGINE_ITEM.EVIDENCE) this.#evidence.onIncluded(bytes);
    }
  }
}
