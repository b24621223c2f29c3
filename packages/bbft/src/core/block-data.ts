/**
 * The engine's own data of a block: made by the leader, checked by everybody, applied when decided.
 *
 * @see spec 90-bbft, section 12.1 "engineData"
 */
import { keyOf, sameBytes } from "../bytes.ts";
import { decodeCommitProof, encodeCommitProof } from "../certificate.ts";
import { BbftError } from "../error.ts";
import { encodeParameters } from "../parameters.ts";
import { MAX_ENGINE_DATA } from "../proposal.ts";
import { epochOf, isLastOfEpoch, powerOf, valsetHash } from "../validator-set.ts";
import { complaintCheck, decodeComplaint } from "./complaint.ts";
import type { ComplaintPool } from "./complaint-pool.ts";
import type { CoreHost } from "./core-host.ts";
import {
  decodeEngineData,
  ENGINE_ITEM,
  type EngineItem,
  encodeEngineData,
  findItem,
} from "./engine-data.ts";
import type { EpochContext } from "./epoch-context.ts";
import type { DecidedData } from "./epoch-outcome.ts";
import { checkNextEpoch, type Epochs, followingSet, type NextEpoch } from "./epochs.ts";
import type { Check } from "./events.ts";
import { evidenceCheck } from "./evidence.ts";
import type { EvidencePool } from "./evidence-pool.ts";
import { decodeLatencyReport, latencyCheck } from "./latency-report.ts";
import { type Offense, offenseId } from "./offense.ts";
import type { ReportPool } from "./report-pool.ts";

/** What the items of one block say: no name may come twice. */
interface Said {
  readonly names: Set<string>;
  readonly offenses: Offense[];
}

/** Type and length in front of an item, bytes. */
const ITEM_HEADER = 5;

export class BlockData {
  readonly #host: CoreHost;
  readonly #epochs: Epochs;
  readonly #evidence: EvidencePool;
  readonly #reports: ReportPool;
  readonly #complaints: ComplaintPool;

  constructor(
    host: CoreHost,
    parts: {
      readonly epochs: Epochs;
      readonly evidence: EvidencePool;
      readonly reports: ReportPool;
      readonly complaints: ComplaintPool;
    },
  ) {
    this.#host = host;
    this.#epochs = parts.epochs;
    this.#evidence = parts.evidence;
    this.#reports = parts.reports;
    this.#complaints = parts.complaints;
  }

  /** @throws RangeError when the application wants a next epoch that cannot be */
  make(height: bigint, context: EpochContext, next: NextEpoch): Uint8Array {
    const { proof } = this.#host.tip;
    const items: EngineItem[] = [];
    if (height > 1n && proof !== undefined)
      items.push({ type: ENGINE_ITEM.LAST_COMMIT, bytes: encodeCommitProof(proof) });
    if (isLastOfEpoch(height, context.parameters.epochLength)) {
      const { nextValidators, nextParameters } = next;
      try {
        checkNextEpoch(context, next);
      } catch (cause) {
        throw new RangeError("the application wants an impossible next epoch", { cause });
      }
      const bytes = valsetHash(followingSet(context, nextValidators));
      items.push({ type: ENGINE_ITEM.NEXT_VALSET, bytes });
      if (nextParameters !== undefined)
        items.push({ type: ENGINE_ITEM.PARAMS, bytes: encodeParameters(nextParameters) });
    }
    // What does not fit any more waits for the next block.
    let size = items.reduce((sum, { bytes }) => sum + ITEM_HEADER + bytes.length, 0);
    const add = (type: EngineItem["type"], waiting: readonly Uint8Array[]): void => {
      for (const bytes of waiting) {
        if (size + ITEM_HEADER + bytes.length > MAX_ENGINE_DATA) continue;
        size += ITEM_HEADER + bytes.length;
        items.push({ type, bytes });
      }
    };
    add(ENGINE_ITEM.EVIDENCE, this.#evidence.next);
    add(ENGINE_ITEM.COMPLAINT, this.#complaints.next);
    add(ENGINE_ITEM.LATENCY, this.#reports.next);
    return encodeEngineData(items);
  }

  /** Checks engine data of others; calls back with the verdict, at once or later. */
  check(
    height: bigint,
    context: EpochContext,
    bytes: Uint8Array,
    then: (isValid: boolean) => void,
  ): void {
    const items = readItems(bytes, height, context.parameters.epochLength);
    if (items === undefined) {
      then(false);
      return;
    }
    this.#evidence.fetchEpochs(evidenceOf(items), (release) => {
      if (release === undefined) then(false);
      else
        this.#checkItems(items, height, context, (isValid) => {
          release();
          then(isValid);
        });
    });
  }

  #checkItems(
    items: readonly EngineItem[],
    height: bigint,
    context: EpochContext,
    then: (isValid: boolean) => void,
  ): void {
    const checks: Check[] = [];
    const said: Said = { names: new Set(), offenses: [] };
    try {
      for (const item of items) {
        const check = this.#checkOf(item, height, context, said);
        if (check !== undefined) checks.push(check);
      }
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
      then(false);
      return;
    }
    const ask = (): void => this.#evidence.areNew(said.offenses, then);
    if (checks.length === 0) ask();
    else
      this.#host.verify({ type: "all", checks }, (invalid) => {
        if (invalid.length === 0) ask();
        else then(false);
      });
  }

  /**
   * What is left to check of an item, if anything.
   *
   * @param said what the items before it say; what this one says is added
   * @throws {@link BbftError} when it is wrong without a further check
   */
  #checkOf(
    { type, bytes }: EngineItem,
    height: bigint,
    context: EpochContext,
    said: Said,
  ): Check | undefined {
    const { chainId } = this.#host;
    const sayOnce = (what: string): void => {
      if (said.names.has(what)) throw new BbftError("engine-data", { height });
      said.names.add(what);
    };
    switch (type) {
      case ENGINE_ITEM.EVIDENCE: {
        const { evidence, offense } = this.#evidence.read(bytes, height);
        sayOnce(`offense ${keyOf(offenseId(offense))}`);
        said.offenses.push(offense);
        return evidenceCheck(evidence, chainId, this.#evidence.contextOf);
      }
      case ENGINE_ITEM.LAST_COMMIT:
        return this.#checkLastCommit(height, bytes);
      case ENGINE_ITEM.LATENCY: {
        const report = decodeLatencyReport(bytes);
        sayOnce(`report ${keyOf(report.idKey)}`);
        if (this.#reports.hasDecided(report.idKey)) throw new BbftError("engine-data", { height });
        return latencyCheck(report, chainId, context.electorate.set);
      }
      case ENGINE_ITEM.COMPLAINT: {
        const complaint = decodeComplaint(bytes);
        sayOnce(`complaint ${complaint.reporter}/${complaint.gateway}`);
        if (this.#complaints.hasDecided(complaint)) throw new BbftError("engine-data", { height });
        return complaintCheck(complaint, chainId, context.electorate);
      }
      // Compared with what the application wants, see `isNextEpochRight`.
      case ENGINE_ITEM.NEXT_VALSET:
      case ENGINE_ITEM.PARAMS:
        return undefined;
      default:
        return type satisfies never;
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

  /** Are the announced next set and parameters those that the application computed? */
  isNextEpochRight(
    height: bigint,
    context: EpochContext,
    bytes: Uint8Array,
    next: NextEpoch,
  ): boolean {
    const { epochLength } = context.parameters;
    if (!isLastOfEpoch(height, epochLength)) return true;
    try {
      checkNextEpoch(context, next);
    } catch (error) {
      if (error instanceof BbftError) return false;
      throw error;
    }
    const items = decodeEngineData(bytes, height, epochLength);
    const set = findItem(items, ENGINE_ITEM.NEXT_VALSET);
    const parameters = findItem(items, ENGINE_ITEM.PARAMS);
    const { nextValidators, nextParameters } = next;
    const isSetRight =
      set !== undefined && sameBytes(set, valsetHash(followingSet(context, nextValidators)));
    const areParametersRight =
      parameters === undefined || nextParameters === undefined
        ? parameters === nextParameters
        : sameBytes(parameters, encodeParameters(nextParameters));
    return isSetRight && areParametersRight;
  }

  /** What the evidence of a decided block proves; calls back at once or later. */
  offensesIn({ height, engineData }: DecidedData, then: (offenses: Offense[]) => void): void {
    const { epochLength } = this.#host.context.parameters;
    const evidence = evidenceOf(decodeEngineData(engineData, height, epochLength));
    this.#evidence.fetchEpochs(evidence, (release) => {
      const offenses = this.#evidence.offensesIn(evidence);
      release?.();
      then(offenses);
    });
  }

  /**
   * Takes in what a decided block holds: it is not included again.
   *
   * @param epoch in which the reports and complaints of blocks count
   * @param offenses what its evidence proves; as far as it can be read when left out
   */
  onDecided(
    { height, engineData }: DecidedData,
    epoch: bigint,
    offenses?: readonly Offense[],
  ): void {
    const { epochLength } = this.#host.context.parameters;
    const isOfEpoch = epochOf(height, epochLength) === epoch;
    const items = decodeEngineData(engineData, height, epochLength);
    this.#evidence.onIncluded(offenses ?? this.#evidence.offensesIn(evidenceOf(items)));
    for (const { type, bytes } of items) {
      if (type === ENGINE_ITEM.LATENCY && isOfEpoch) this.#reports.onIncluded(bytes);
      else if (type === ENGINE_ITEM.COMPLAINT && isOfEpoch) this.#complaints.onIncluded(bytes);
    }
  }
}

const evidenceOf = (items: readonly EngineItem[]): Uint8Array[] =>
  items.filter(({ type }) => type === ENGINE_ITEM.EVIDENCE).map(({ bytes }) => bytes);

/** The items of engine data; undefined when they are malformed. */
function readItems(
  bytes: Uint8Array,
  height: bigint,
  epochLength: number,
): EngineItem[] | undefined {
  try {
    return decodeEngineData(bytes, height, epochLength);
  } catch (error) {
    if (error instanceof BbftError) return undefined;
    throw error;
  }
}
