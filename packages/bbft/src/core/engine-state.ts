/**
 * What the engine's data of blocks are made of, and what they lead to: evidence, complaints and
 * latency reports on their way into a block, and the epochs that follow from those decided.
 *
 * @see spec 90-bbft, section 12 "Engine data, epochs, membership"
 */
import { sameBytes } from "../bytes.ts";
import { decodeParameters, encodeParameters } from "../parameters.ts";
import { isLastOfEpoch, type ValidatorSet } from "../validator-set.ts";
import { BlockData } from "./block-data.ts";
import { ComplaintPool } from "./complaint-pool.ts";
import type { CoreHost } from "./core-host.ts";
import type { CoreOptions } from "./core-options.ts";
import { decodeEngineData, ENGINE_ITEM, findItem } from "./engine-data.ts";
import { concludeEpoch } from "./epoch-outcome.ts";
import { Epochs, followingSet } from "./epochs.ts";
import type { Decision } from "./events.ts";
import { EvidencePool } from "./evidence-pool.ts";
import type { Message } from "./message.ts";
import type { Offense } from "./offense.ts";
import { ReportPool } from "./report-pool.ts";

export class EngineState {
  readonly epochs: Epochs;
  readonly evidence: EvidencePool;
  readonly complaints: ComplaintPool;
  readonly reports: ReportPool;
  readonly blockData: BlockData;
  readonly #createContext: CoreOptions["createContext"];

  constructor(host: CoreHost, { context, previousContext, createContext }: CoreOptions) {
    this.epochs = new Epochs(context, previousContext);
    this.evidence = new EvidencePool(host);
    this.complaints = new ComplaintPool(host);
    this.reports = new ReportPool(host);
    this.blockData = new BlockData(host, this);
    this.#createContext = createContext;
  }

  /**
   * Takes in a message that is about no height.
   *
   * @returns false for all others
   */
  onMessage(from: number, message: Message): boolean {
    if (message.type === "evidence") this.evidence.onMessage(from, message.evidence);
    else if (message.type === "latency-report") this.reports.onMessage(message.report);
    else if (message.type === "complaint") this.complaints.onMessage(message.complaint);
    else return false;
    return true;
  }

  /**
   * Takes in the engine data of a decided block; after the last of an epoch the next begins.
   *
   * @param nextValidators what the application wants of the next epoch
   * @param offenses what the block's evidence proves
   * @returns whether a new epoch began
   */
  onCommitted(
    { height, body }: Decision,
    nextValidators: ValidatorSet | undefined,
    offenses: readonly Offense[],
  ): boolean {
    const context = this.epochs.at(height);
    const { engineData } = body;
    this.blockData.onDecided({ height, engineData }, context.epoch, offenses);
    const { epochLength } = context.parameters;
    if (!isLastOfEpoch(height, epochLength)) return false;
    const encoded = findItem(decodeEngineData(engineData, height, epochLength), ENGINE_ITEM.PARAMS);
    const outcome = concludeEpoch(context, {
      latencyReports: this.reports.decided,
      complaints: this.complaints.decided,
      parameters: encoded === undefined ? context.parameters : decodeParameters(encoded),
    });
    const next = this.#createContext(followingSet(context, nextValidators), context, outcome);
    if (encoded !== undefined && !sameBytes(encodeParameters(next.parameters), encoded))
      throw new RangeError("createContext must take over the parameters that were decided");
    this.epochs.enter(next);
    this.reports.startEpoch();
    this.complaints.startEpoch();
    this.evidence.startEpoch(next.epoch);
    return true;
  }
}
