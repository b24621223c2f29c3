/**
 * Watches what honest validators sign and decide: which promises are broken, what was proven.
 *
 * @see spec 90-bbft, section 16.1 "Simulation harness"
 */
import { keyOf } from "../bytes.ts";
import { decodeEngineData, ENGINE_ITEM } from "../core/engine-data.ts";
import type { Effect } from "../core/events.ts";
import type { Message } from "../core/message.ts";
import { offenseId } from "../core/offense.ts";
import { encodeParameters } from "../parameters.ts";
import { signedStatement } from "./adversary.ts";
import type { SimNode } from "./sim-node.ts";
import type { NodeDecision, SimulationReport } from "./simulation-report.ts";

export type Committed = Extract<Effect, { readonly type: "commit" }>;

/** What a decision is to those who follow the run. */
export interface Witnessed {
  /** Nobody decided this height before. */
  readonly isFirst: boolean;
  /** This validator did not. */
  readonly isNew: boolean;
}

export class Referee {
  readonly #isByzantine: (node: number) => boolean;
  readonly #decisions: NodeDecision[] = [];
  readonly #decidedBy: Map<string, string> = new Map();
  readonly #values: Map<bigint, string> = new Map();
  readonly #statements: Map<string, string> = new Map();
  readonly #violations: Set<string> = new Set();
  readonly #proven: Set<number> = new Set();
  readonly #evidence: Set<string> = new Set();
  readonly #evidenceTypes: Set<number> = new Set();
  readonly #items: Map<number, number> = new Map();
  readonly #offenses: Set<string> = new Set();
  readonly #forests: Map<bigint, readonly number[]> = new Map();
  #maxView = 0;

  constructor(isByzantine: (node: number) => boolean) {
    this.#isByzantine = isByzantine;
  }

  get hasViolation(): boolean {
    return this.#violations.size > 0;
  }

  /** An honest validator never signs two things where one is allowed. */
  onStatement(node: number, message: Message): void {
    const statement = signedStatement(message, node);
    if (statement === undefined) return;
    const known = this.#statements.get(statement.key);
    if (known === undefined) this.#statements.set(statement.key, statement.content);
    else if (known !== statement.content) this.#violations.add(`double-sign ${statement.key}`);
  }

  onDecision(node: SimNode, committed: Committed, timeUs: number): Witnessed {
    const { height, proof, view } = committed.decision;
    this.#compareForests(node);
    const valueId = keyOf(proof.certificate.valueId);
    const agreed = this.#values.get(height);
    const isFirst = agreed === undefined;
    if (isFirst) {
      this.#values.set(height, valueId);
      this.#countItems(node, committed);
    } else if (agreed !== valueId) this.#violations.add(`disagreement at height ${height}`);
    const key = `${node.index}/${height}`;
    const before = this.#decidedBy.get(key);
    if (before !== undefined) {
      if (before !== valueId) this.#violations.add(`changed decision ${key}`);
      return { isFirst, isNew: false };
    }
    this.#decidedBy.set(key, valueId);
    this.#decisions.push({ node: node.index, height, view, valueId, timeUs });
    this.#maxView = Math.max(this.#maxView, view);
    return { isFirst, isNew: true };
  }

  /** Everybody works out the same forest and has the same parameters. */
  #compareForests({ core: { context } }: SimNode): void {
    const { epoch, topology, parameters } = context;
    const key = `context/${epoch}`;
    const content = `${topology.parent} ${keyOf(encodeParameters(parameters))}`;
    const known = this.#statements.get(key);
    this.#forests.set(epoch, topology.parent);
    if (known === undefined) this.#statements.set(key, content);
    else if (known !== content) this.#violations.add(`contexts of epoch ${epoch} differ`);
  }

  /** Counts what a block decides beside the application's; an offense must be there once only. */
  #countItems({ core }: SimNode, { decision: { height, body }, offenses }: Committed): void {
    const { epochLength } = core.context.parameters;
    const items = decodeEngineData(body.engineData, height, epochLength);
    for (const { type } of items) this.#items.set(type, (this.#items.get(type) ?? 0) + 1);
    const proofs = items.filter(({ type }) => type === ENGINE_ITEM.EVIDENCE);
    if (proofs.length !== offenses.length) this.#violations.add(`unread evidence at ${height}`);
    for (const offense of offenses) {
      const name = keyOf(offenseId(offense));
      if (this.#offenses.has(name)) this.#violations.add(`included twice: ${name}`);
      this.#offenses.add(name);
    }
  }

  onEvidence(validator: number, evidence: Uint8Array): void {
    const [type = 0] = evidence;
    this.#proven.add(validator);
    this.#evidence.add(keyOf(evidence));
    this.#evidenceTypes.add(type);
    if (!this.#isByzantine(validator))
      this.#violations.add(`evidence against honest validator ${validator}`);
  }

  onFatal(error: Error): void {
    this.#violations.add(`fatal: ${error.message}`);
  }

  /** What it saw. */
  get findings(): Pick<
    SimulationReport,
    | "decisions"
    | "violations"
    | "maxView"
    | "provenFaulty"
    | "evidence"
    | "decidedItems"
    | "forests"
    | "evidenceTypes"
  > {
    return {
      decisions: this.#decisions,
      violations: [...this.#violations],
      maxView: this.#maxView,
      provenFaulty: [...this.#proven].sort((a, b) => a - b),
      evidence: this.#evidence.size,
      decidedItems: this.#items,
      forests: this.#forests,
      evidenceTypes: [...this.#evidenceTypes].sort((a, b) => a - b),
    };
  }
}
