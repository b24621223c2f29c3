/**
 * What can be shown to a validator: every proposal, certificate and timeout of the first views of
 * one height, for two values, as real messages with valid signatures.
 *
 * The explorer decides from the votes that were really given whether one of them can exist; how it
 * is assembled from which signers is no concern of who sees it.
 */
import { sameBytes } from "../bytes.ts";
import type { Certificate } from "../certificate.ts";
import { roleOf } from "../core/epoch-context.ts";
import type { Message } from "../core/message.ts";
import { DEFAULT_PARAMETERS } from "../parameters.ts";
import type { Proposal } from "../proposal.ts";
import { createFakeScheme } from "../scheme/fake.ts";
import { signerSet } from "../signer-set.ts";
import {
  COMMIT,
  hash,
  PREPARE,
  proposalBytes,
  timeoutBytes,
  type VoteKind,
  valueIdOf,
  voteBytes,
} from "../signing.ts";
import { measuredDistances, uniformLatency } from "../sim/latency.ts";
import { createWorld, type World } from "../sim/world.ts";
import { encodeTimeoutCertificate, type TimeoutCertificate } from "../timeout-certificate.ts";

export const VALIDATORS = 4;
const HEIGHT = 1n;

/** What a timeout certificate forces: a value with the claim that carries it; claim 0 nothing. */
export interface Binding {
  readonly claim: number;
  readonly value: number;
}

export type Exhibit =
  | {
      readonly type: "proposal";
      readonly view: number;
      readonly value: number;
      readonly by?: Binding;
    }
  | { readonly type: "prepare-qc"; readonly view: number; readonly value: number }
  | { readonly type: "commit-qc"; readonly view: number; readonly value: number }
  | { readonly type: "tc"; readonly view: number; readonly by: Binding }
  | {
      readonly type: "timeout";
      readonly signer: number;
      readonly view: number;
      readonly by: Binding;
    }
  /** The view lasts too long. */
  | { readonly type: "timer" }
  /** The process dies and comes back with what was flushed to its log. */
  | { readonly type: "restart" }
  /** It comes back with nothing. */
  | { readonly type: "amnesia" };

/** An exhibit in words; the two values are A and B. */
export function describeExhibit(exhibit: Exhibit | undefined): string {
  if (exhibit === undefined) return "nothing";
  const value = (one: number): string => (one === 0 ? "A" : "B");
  const bound = ({ claim, value: one }: Binding): string =>
    claim === 0 ? "no certificate" : `certificate ${value(one)} of view ${claim - 1}`;
  switch (exhibit.type) {
    case "proposal": {
      const by = exhibit.by === undefined ? "" : ` after timeouts with ${bound(exhibit.by)}`;
      return `proposal ${value(exhibit.value)} of view ${exhibit.view}${by}`;
    }
    case "prepare-qc":
      return `prepare certificate ${value(exhibit.value)} of view ${exhibit.view}`;
    case "commit-qc":
      return `commit certificate ${value(exhibit.value)} of view ${exhibit.view}`;
    case "tc":
      return `timeout certificate of view ${exhibit.view} with ${bound(exhibit.by)}`;
    case "timeout":
      return `timeout ${exhibit.view} of ${exhibit.signer} with ${bound(exhibit.by)}`;
    case "timer":
      return "view timer";
    case "restart":
      return "restart from the log";
    case "amnesia":
      return "restart without memory";
    default:
      return exhibit satisfies never;
  }
}

/** Keys and the common context of four validators under one gateway. */
export function createSmallWorld(gateways: number, quorumPower: number | undefined): World {
  const latency = uniformLatency(VALIDATORS, 1000);
  const world = createWorld({
    n: VALIDATORS,
    scheme: createFakeScheme(),
    parameters: { ...DEFAULT_PARAMETERS, m: gateways },
    distances: measuredDistances(latency),
  });
  if (quorumPower === undefined) return world;
  const electorate = { ...world.context.electorate, quorumPower };
  return { ...world, context: { ...world.context, electorate } };
}

/** All exhibits up to a number of views, each with its message. */
export class Gallery {
  readonly world: World;
  readonly exhibits: readonly Exhibit[];
  readonly #numbers: Map<number, number> = new Map();
  readonly #messages: Map<number, Message> = new Map();
  readonly #blocks: readonly Uint8Array[] = [Uint8Array.of(0), Uint8Array.of(1)];

  readonly #valueIds: readonly Uint8Array[] = this.#blocks.map((block) =>
    valueIdOf(hash(block), hash(new Uint8Array())),
  );

  constructor(world: World, views: number) {
    this.world = world;
    const exhibits: Exhibit[] = [{ type: "timer" }, { type: "restart" }, { type: "amnesia" }];
    for (let view = 0; view < views; view++) {
      for (const value of [0, 1]) {
        if (view === 0) exhibits.push({ type: "proposal", view, value });
        else
          for (const by of bindings(view - 1)) exhibits.push({ type: "proposal", view, value, by });
        exhibits.push({ type: "prepare-qc", view, value }, { type: "commit-qc", view, value });
      }
      if (view === views - 1) continue;
      for (const by of bindings(view)) {
        exhibits.push({ type: "tc", view, by });
        for (let signer = 0; signer < VALIDATORS; signer++)
          exhibits.push({ type: "timeout", signer, view, by });
      }
    }
    this.exhibits = exhibits;
    for (const [number, exhibit] of exhibits.entries()) this.#numbers.set(codeOf(exhibit), number);
  }

  /** Its number; the exhibit must be one of this gallery. */
  numberOf(exhibit: Exhibit): number {
    const number = this.#numbers.get(codeOf(exhibit));
    if (number === undefined) throw new RangeError(`no exhibit: ${describeExhibit(exhibit)}`);
    return number;
  }

  /** The same with the two values exchanged. */
  mirror(number: number): number {
    const exhibit = this.exhibits[number];
    if (exhibit === undefined || !("view" in exhibit)) return number;
    const mirrored = { ...exhibit };
    if ("value" in mirrored) Object.assign(mirrored, { value: 1 - mirrored.value });
    if ("by" in mirrored && mirrored.by !== undefined && mirrored.by.claim > 0)
      Object.assign(mirrored, { by: { ...mirrored.by, value: 1 - mirrored.by.value } });
    return this.numberOf(mirrored);
  }

  /** Which value an id stands for. */
  valueOf(valueId: Uint8Array): number {
    const value = [0, 1].find((one) => sameBytes(this.valueId(one), valueId));
    if (value === undefined) throw new RangeError("a value that nobody was shown");
    return value;
  }

  message(number: number): Message | undefined {
    const known = this.#messages.get(number);
    if (known !== undefined) return known;
    const exhibit = this.exhibits[number];
    const made = exhibit === undefined ? undefined : this.#make(exhibit);
    if (made !== undefined) this.#messages.set(number, made);
    return made;
  }

  #make(exhibit: Exhibit): Message | undefined {
    switch (exhibit.type) {
      case "proposal":
        return { type: "proposal", proposal: this.#proposal(exhibit) };
      case "prepare-qc":
        return { type: "certificate", certificate: this.#certificate(PREPARE, exhibit) };
      case "commit-qc":
        return { type: "certificate", certificate: this.#certificate(COMMIT, exhibit) };
      case "tc":
        return {
          type: "timeout-certificate",
          certificate: this.#timeoutCertificate(exhibit.view, exhibit.by),
        };
      case "timeout": {
        const { signer, view, by } = exhibit;
        const position = this.#position(view);
        const bytes = timeoutBytes(this.world.chainId, position, by.claim);
        const timeout = {
          ...position,
          qcViewPlus1: by.claim,
          signer,
          signature: this.#vote(signer, bytes),
          highQc: this.#highQc(by),
        };
        return { type: "timeout", timeout };
      }
      default:
        return undefined;
    }
  }

  #position(view: number): { epoch: bigint; height: bigint; view: number } {
    return { epoch: 0n, height: HEIGHT, view };
  }

  /** The id of value 0 or 1. */
  valueId(value: number): Uint8Array {
    return this.#valueIds[value] ?? new Uint8Array();
  }

  #vote(signer: number, bytes: Uint8Array): Uint8Array {
    const { context, voteSecrets } = this.world;
    return context.scheme.sign(voteSecrets[signer] ?? new Uint8Array(), bytes);
  }

  #certificate(
    kind: VoteKind,
    { view, value }: { readonly view: number; readonly value: number },
  ): Certificate {
    const { chainId, context } = this.world;
    const position = this.#position(view);
    const valueId = this.valueId(value);
    const bytes = voteBytes(kind, chainId, position, valueId);
    const signers = [0, 1, 2];
    return {
      kind,
      scheme: context.scheme.id,
      ...position,
      valueId,
      n: VALIDATORS,
      signers: signerSet(VALIDATORS, signers),
      signature: context.scheme.combine(
        signers.map((signer) => ({ signers: [signer], signature: this.#vote(signer, bytes) })),
      ),
    };
  }

  #highQc({ claim, value }: Binding): Certificate | undefined {
    return claim === 0 ? undefined : this.#certificate(PREPARE, { view: claim - 1, value });
  }

  #timeoutCertificate(view: number, by: Binding): TimeoutCertificate {
    const { chainId, context } = this.world;
    const position = this.#position(view);
    const claims = by.claim === 0 ? [0, 0, 0] : [by.claim, 0, 0];
    const groups = [...new Set(claims)].map((qcViewPlus1) => ({
      qcViewPlus1,
      signers: signerSet(
        VALIDATORS,
        claims.flatMap((claim, signer) => (claim === qcViewPlus1 ? [signer] : [])),
      ),
    }));
    const signature = context.scheme.combine(
      claims.map((claim, signer) => ({
        signers: [signer],
        signature: this.#vote(signer, timeoutBytes(chainId, position, claim)),
      })),
    );
    const scheme = context.scheme.id;
    return { scheme, ...position, n: VALIDATORS, groups, signature, highQc: this.#highQc(by) };
  }

  #proposal({ view, value, by }: Extract<Exhibit, { type: "proposal" }>): Proposal {
    const { chainId, context, identity, idSecrets } = this.world;
    const appBlock = this.#blocks[value] ?? new Uint8Array();
    const timeoutCertificate =
      by === undefined
        ? new Uint8Array()
        : encodeTimeoutCertificate(this.#timeoutCertificate(view - 1, by));
    const position = this.#position(view);
    const valueId = this.valueId(value);
    const { leader } = roleOf(context, 0, HEIGHT, view);
    const bytes = proposalBytes(chainId, position, valueId, timeoutCertificate);
    return {
      ...position,
      leader,
      appBlockId: hash(appBlock),
      engineHash: hash(new Uint8Array()),
      timeoutCertificate,
      signature: identity.sign(idSecrets[leader] ?? new Uint8Array(), bytes),
      engineData: new Uint8Array(),
      appBlock,
      valueId,
    };
  }
}

const TYPES: readonly Exhibit["type"][] = [
  "proposal",
  "prepare-qc",
  "commit-qc",
  "tc",
  "timeout",
  "timer",
  "restart",
  "amnesia",
];

/** A number for an exhibit's content. */
function codeOf(exhibit: Exhibit): number {
  let code = TYPES.indexOf(exhibit.type);
  if (!("view" in exhibit)) return code;
  const by = "by" in exhibit ? exhibit.by : undefined;
  const parts = [
    exhibit.view,
    "value" in exhibit ? exhibit.value : 0,
    "signer" in exhibit ? exhibit.signer : 0,
    by === undefined ? 0 : 1 + 2 * by.claim + by.value,
  ];
  for (const part of parts) code = code * 16 + part;
  return code;
}

/** Everything that a timeout certificate of a view can force. */
function bindings(view: number): Binding[] {
  const all: Binding[] = [{ claim: 0, value: 0 }];
  for (let claim = 1; claim <= view + 1; claim++)
    for (const value of [0, 1]) all.push({ claim, value });
  return all;
}
