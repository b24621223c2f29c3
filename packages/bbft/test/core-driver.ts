/** One core of four validators under a test's control: checks and signatures are answered at once. */
import {
  BbftCore,
  createContextFactory,
  createElectorate,
  createFakeScheme,
  DEFAULT_PARAMETERS,
  type Effect,
  ENGINE_ITEM,
  type Event,
  encodeCommitProof,
  encodeEngineData,
  fullTopology,
  hash,
  type Message,
  type Parameters,
  runCheck,
  signerSet,
  timeoutBytes,
  type ValidatorSet,
  type Vote,
  valsetHash,
  valueIdOf,
  voteBytes,
} from "../src/index.ts";
import { createNodeEd25519 } from "../src/node/ed25519.ts";
import { chainId, secretOf } from "./helpers.ts";

export const identity = createNodeEd25519();
export const scheme = createFakeScheme();
const keys = [0, 1, 2, 3].map((index) => identity.publicKey(secretOf(index)));
export const set: ValidatorSet = {
  epoch: 0n,
  scheme: scheme.id,
  validators: keys.map((idKey, index) => ({
    ...{ power: 1n, stake: 1n, idKey },
    voteKey: scheme.publicKey(secretOf(index)),
  })),
};
export const electorate = createElectorate(set);
export const context = { electorate, scheme };
export const value = (one: number): Uint8Array =>
  valueIdOf(hash(Uint8Array.of(one)), hash(new Uint8Array(0)));

/** A vote of height 1 in epoch 0. */
export function voteOf(signer: number, kind: 1 | 2, view: number, valueId: Uint8Array): Vote {
  const place = { epoch: 0n, height: 1n, view };
  const signature = scheme.sign(secretOf(signer), voteBytes(kind, chainId, place, valueId));
  return { ...place, kind, valueId, signer, signature };
}

/** A timeout of height 1 in epoch 0, without the certificate that it claims. */
export function timeoutOf(signer: number, view: number, qcViewPlus1: number): Message {
  const place = { epoch: 0n, height: 1n, view };
  const signature = scheme.sign(secretOf(signer), timeoutBytes(chainId, place, qcViewPlus1));
  return {
    type: "timeout",
    timeout: { ...place, qcViewPlus1, signer, signature, highQc: undefined },
  };
}

export const vote = (one: Vote): Message => ({ type: "vote", vote: one });

export interface Driven {
  readonly core: BbftCore;
  readonly effects: readonly Effect[];
  step(event: Event): void;
  give(from: number, message: Message): void;
  /** Evidence that the application was told of, as type/validator. */
  found(): string[];
  count(type: Effect["type"]): number;
}

export function drive(
  index: number,
  options: {
    readonly hasLostLog?: boolean;
    readonly parameters?: Partial<Parameters>;
    readonly remembersOffenses?: boolean;
  } = {},
): Driven {
  const parameters = { ...DEFAULT_PARAMETERS, scheme: 255, ...options.parameters };
  const createContext = createContextFactory({
    ...{ scheme, parameters },
    provider: () => fullTopology(4),
  });
  const core = new BbftCore({
    ...{ chainId, lastAppBlockId: chainId, identify: hash, createContext },
    ...{ hasLostLog: options.hasLostLog, remembersOffenses: options.remembersOffenses },
    idKey: keys[index] ?? chainId,
    context: createContext(set, undefined, undefined),
  });
  const electorateOf = (epoch: bigint) => core.electorateOf(epoch);
  const effects: Effect[] = [];
  const step = (event: Event): void => {
    for (const effect of core.step(event)) {
      effects.push(effect);
      if (effect.type === "verify") {
        const invalid = runCheck(effect.check, { chainId, identity, electorateOf });
        step({ type: "verified", id: effect.id, invalid });
      }
      if (effect.type === "sign") {
        const signature = scheme.sign(secretOf(index), effect.request.bytes);
        step({ type: "signed", id: effect.id, signature });
      }
    }
  };
  const found = (): string[] =>
    effects.flatMap((effect) =>
      effect.type === "evidence" ? [`${effect.evidence[0]}/${effect.validator}`] : [],
    );
  return {
    ...{ core, effects, step, found },
    give: (from, message) => step({ type: "message", from, message }),
    count: (type) => effects.filter((effect) => effect.type === type).length,
  };
}

/** Decides the current height, an epoch of its own, with this evidence in its engine data. */
export function decide({ core, step }: Driven, evidence: readonly Uint8Array[] = []): void {
  const { height } = core;
  const epoch = height - 1n;
  const last = core.decision(height - 1n)?.proof;
  const appBlock = Uint8Array.of(7, Number(height));
  const engineData = encodeEngineData([
    ...(last === undefined
      ? []
      : [{ type: ENGINE_ITEM.LAST_COMMIT, bytes: encodeCommitProof(last) }]),
    ...evidence.map((bytes) => ({ type: ENGINE_ITEM.EVIDENCE, bytes })),
    { type: ENGINE_ITEM.NEXT_VALSET, bytes: valsetHash({ ...set, epoch: epoch + 1n }) },
  ]);
  const [appBlockId, engineHash] = [hash(appBlock), hash(engineData)];
  const valueId = valueIdOf(appBlockId, engineHash);
  const place = { epoch, height, view: 0 };
  const signature = scheme.combine(
    [0, 1, 2].map((signer) => ({
      signers: [signer],
      signature: scheme.sign(secretOf(signer), voteBytes(2, chainId, place, valueId)),
    })),
  );
  const certificate = {
    ...{ ...place, kind: 2 as const, scheme: scheme.id },
    ...{ valueId, n: 4, signers: signerSet(4, [0, 1, 2]), signature },
  };
  const proof = { certificate, appBlockId, engineHash };
  step({ type: "synchronized", proof, body: { appBlockId, appBlock, engineData } });
}

/** The application has applied the block of a height. */
export function committed({ core, step }: Driven): void {
  step({ type: "committed", height: core.height, nextValidators: undefined });
}
