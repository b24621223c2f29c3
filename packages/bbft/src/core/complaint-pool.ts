/**
 * Complaints of an epoch: the own ones, those of others on their way into a block, those decided.
 *
 * First-hand complaints come from a gateway's children and from the other top-level gateways. When
 * blocks hold those of half of them, everybody else adds its own: without that no weak quorum of
 * a large network could ever agree, because most validators see one gateway only.
 *
 * @see spec 90-bbft, section 11.5 "Exclusion and rotation"
 */
import { BbftError } from "../error.ts";
import { epochOf } from "../validator-set.ts";
import {
  type Complaint,
  complaintBytes,
  complaintCheck,
  decodeComplaint,
  encodeComplaint,
} from "./complaint.ts";
import type { CoreHost } from "./core-host.ts";
import { roleOf, type ViewRole } from "./epoch-context.ts";

/**
 * The gateway that a member's ATTACH speaks against, if this node is one that may say so: another
 * top-level gateway, in a view that uses the hierarchy, about a direct member.
 */
export function gatewayAccusedBy(
  member: number,
  { mode, isGateway, topology }: ViewRole,
  index: number,
): number | undefined {
  const gateway = topology.parent[member] ?? -1;
  const isMember = gateway >= 0 && topology.parent[gateway] === -1;
  const isOther = mode === "hier" && isGateway && gateway !== index;
  return isMember && isOther ? gateway : undefined;
}

/** Complaints in one block. */
const COMPLAINTS_PER_BLOCK = 32;
/** Complaints waiting to be included; of one reporter. */
const MAX_WAITING = 512;
const WAITING_PER_REPORTER = 16;

const keyFor = ({ gateway, reporter }: Complaint): string => `${gateway}/${reporter}`;

export class ComplaintPool {
  readonly #host: CoreHost;
  readonly #waiting: Map<string, Complaint> = new Map();
  readonly #decided: Map<string, Complaint> = new Map();
  /** Members that attached to this node, by their gateway: those of the last height. */
  readonly #callers: Map<number, { height: bigint; members: Set<number> }> = new Map();
  /** Gateways that this node complained about in this epoch. */
  readonly #accused: Set<number> = new Set();

  constructor(host: CoreHost) {
    this.#host = host;
  }

  /** Complaints for the next block, encoded. */
  get next(): readonly Uint8Array[] {
    return [...this.#waiting.values()].slice(0, COMPLAINTS_PER_BLOCK).map(encodeComplaint);
  }

  /** Decided in this epoch, one of each reporter about each gateway. */
  get decided(): Iterable<Complaint> {
    return this.#decided.values();
  }

  hasDecided(complaint: Complaint): boolean {
    return this.#decided.has(keyFor(complaint));
  }

  /**
   * A member attached to this node for something that its gateway should have given it. Half of the
   * members must, for one height: single Byzantine ones could otherwise discredit any gateway.
   */
  recordAttach(gateway: number, member: number, height: bigint): void {
    const { topology } = this.#host.context;
    const known = this.#callers.get(gateway);
    const members = known?.height === height ? known.members : new Set<number>();
    members.add(member);
    this.#callers.set(gateway, { height, members });
    if (2 * members.size >= (topology.children[gateway]?.length ?? 0)) this.complain(gateway);
  }

  /** A member attached for a height that is decided here, in the very view it attached in. */
  recordLateAttach(member: number, height: bigint, view: number): void {
    const { context, index } = this.#host;
    if (epochOf(height, context.parameters.epochLength) !== context.epoch) return;
    const gateway = gatewayAccusedBy(member, roleOf(context, index, height, view), index);
    if (gateway !== undefined) this.recordAttach(gateway, member, height);
  }

  /** Says, once an epoch, that a gateway left its members alone. */
  complain(gateway: number): void {
    const { index, context, chainId } = this.#host;
    if (index < 0 || index === gateway || this.#accused.has(gateway)) return;
    this.#accused.add(gateway);
    const statement = { gateway, reporter: index, epoch: context.epoch };
    this.#host.signIdentity(complaintBytes(chainId, statement), (signature) => {
      if (this.#host.context.epoch !== statement.epoch) return;
      const complaint = { ...statement, signature };
      if (this.hasDecided(complaint)) return;
      this.#waiting.set(keyFor(complaint), complaint);
      this.#sendOwn();
    });
  }

  /** Tells the leaders of this view and the next, as the accused may be the first. */
  #sendOwn(): void {
    const { index, current } = this.#host;
    const { view } = current.state;
    const leaders = [view, view + 1].map((at) => current.roleIn(at).leader);
    const others = [...new Set(leaders)].filter((one) => one !== index);
    for (const complaint of this.#waiting.values())
      if (complaint.reporter === index) {
        const message = { type: "complaint", complaint: encodeComplaint(complaint) } as const;
        this.#host.send(others, message, "recovery", current.height);
      }
  }

  /** Takes in a complaint of another node, once its signature is checked. */
  onMessage(bytes: Uint8Array): void {
    try {
      const complaint = decodeComplaint(bytes);
      if (!this.#isWanted(complaint)) return;
      const { chainId, context } = this.#host;
      const check = complaintCheck(complaint, chainId, context.electorate);
      this.#host.verify(check, (invalid) => {
        const isTimely = complaint.epoch === this.#host.context.epoch;
        if (invalid.length === 0 && isTimely && this.#isWanted(complaint))
          this.#waiting.set(keyFor(complaint), complaint);
      });
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
    }
  }

  #isWanted(complaint: Complaint): boolean {
    const key = keyFor(complaint);
    if (this.#waiting.has(key) || this.#decided.has(key)) return false;
    let ofReporter = 0;
    for (const { reporter } of this.#waiting.values())
      if (reporter === complaint.reporter) ofReporter++;
    return this.#waiting.size < MAX_WAITING && ofReporter < WAITING_PER_REPORTER;
  }

  /** It is in a decided block of this epoch. */
  onIncluded(bytes: Uint8Array): void {
    const complaint = decodeComplaint(bytes);
    const key = keyFor(complaint);
    this.#waiting.delete(key);
    this.#decided.set(key, complaint);
  }

  /** A new height: joins complaints that half of those who can know have made. */
  startHeight(): void {
    const gateways = new Set([...this.#decided.values()].map(({ gateway }) => gateway));
    for (const gateway of gateways) if (this.#isWitnessed(gateway)) this.complain(gateway);
    if (this.#waiting.size > 0) this.#sendOwn();
  }

  /** Did half of a gateway's children and peers complain about it, and is this node none of them? */
  #isWitnessed(gateway: number): boolean {
    const { index, context } = this.#host;
    const { topology, electorate } = context;
    if (this.#accused.has(gateway) || topology.parent[gateway] !== -1) return false;
    const peers = topology.gateways.filter((one) => one !== gateway);
    const witnesses = [...peers, ...(topology.children[gateway] ?? [])];
    if (witnesses.includes(index)) return false;
    let [all, heard] = [0, 0];
    for (const reporter of witnesses) {
      const power = electorate.powers[reporter] ?? 0;
      all += power;
      if (this.#decided.has(`${gateway}/${reporter}`)) heard += power;
    }
    return 2 * heard >= all;
  }

  startEpoch(): void {
    this.#waiting.clear();
    this.#decided.clear();
    this.#accused.clear();
    this.#callers.clear();
  }
}
