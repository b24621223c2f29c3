import { describe, expect, it } from "vitest";
import {
  BbftCore,
  complaintBytes,
  createContextFactory,
  createFakeScheme,
  DEFAULT_PARAMETERS,
  type DecidedData,
  type Effect,
  ENGINE_ITEM,
  type EngineItem,
  EVIDENCE_TYPE,
  type Event,
  encodeCommitProof,
  encodeComplaint,
  encodeEngineData,
  encodeEvidence,
  encodeParameters,
  findStartingPoint,
  fullTopology,
  hash,
  type Message,
  type NextEpoch,
  type Parameters,
  proposalBytes,
  runCheck,
  SIGN_KIND,
  signerSet,
  type ValidatorSet,
  type Vote,
  valsetHash,
  valueIdOf,
  voteBytes,
} from "../src/index.ts";
import { createNodeEd25519 } from "../src/node/ed25519.ts";
import { chainId, secretOf } from "./helpers.ts";

const identity = createNodeEd25519();
const scheme = createFakeScheme();
const keys = [0, 1, 2, 3].map((index) => identity.publicKey(secretOf(index)));
const setOf = (epoch: bigint): ValidatorSet => ({
  ...{ epoch, scheme: scheme.id },
  validators: keys.map((idKey, index) => ({
    ...{ power: 1n, stake: 1n, idKey },
    voteKey: scheme.publicKey(secretOf(index)),
  })),
});
const parameters: Parameters = {
  ...DEFAULT_PARAMETERS,
  scheme: 255,
  epochLength: 10,
  leaderTerm: 99,
};
const createContext = createContextFactory({ scheme, parameters, provider: () => fullTopology(4) });
const contextOf = (epoch: bigint) => createContext(setOf(epoch), undefined, undefined);
const verifyContext = { chainId, identity, electorateOf: contextOf };
const epochOf = (height: bigint): bigint => (height - 1n) / 10n;
const idOf = (height: bigint): Uint8Array => hash(Uint8Array.of(Number(height)));

function voteOf(signer: number, height: bigint, one: number, view = 0): Message {
  const place = { epoch: epochOf(height), height, view };
  const valueId = hash(Uint8Array.of(one));
  const signature = scheme.sign(secretOf(signer), voteBytes(1, chainId, place, valueId));
  const vote: Vote = { ...place, kind: 1, valueId, signer, signature };
  return { type: "vote", vote };
}

/** Proof that validator 2 voted twice at a height. */
function doubleVote(height: bigint, a = 1, b = 2, view = 0): EngineItem {
  const bytes = encodeEvidence({
    ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2 },
    ...{ first: voteOf(2, height, a, view), second: voteOf(2, height, b, view) },
  });
  return { type: ENGINE_ITEM.EVIDENCE, bytes };
}

function complaintOf(gateway: number, reporter: number, epoch: bigint): EngineItem {
  const statement = { gateway, reporter, epoch };
  const signature = identity.sign(secretOf(reporter), complaintBytes(chainId, statement));
  return { type: ENGINE_ITEM.COMPLAINT, bytes: encodeComplaint({ ...statement, signature }) };
}

/** What every block of a height must have. */
function required(height: bigint, next: ValidatorSet = setOf(epochOf(height) + 1n)): EngineItem[] {
  const items: EngineItem[] = [];
  const before = height - 1n;
  if (before > 0n) {
    const engineHash = hash(new Uint8Array(0));
    const valueId = valueIdOf(idOf(before), engineHash);
    const place = { epoch: epochOf(before), height: before, view: 0 };
    const message = voteBytes(2, chainId, place, valueId);
    const signers = [0, 1, 2];
    const parts = signers.map((signer) => ({
      ...{ signers: [signer], signature: scheme.sign(secretOf(signer), message) },
    }));
    const certificate = {
      ...{ ...place, kind: 2 as const, scheme: scheme.id, valueId, n: 4 },
      ...{ signers: signerSet(4, signers), signature: scheme.combine(parts) },
    };
    const bytes = encodeCommitProof({ certificate, appBlockId: idOf(before), engineHash });
    items.push({ type: ENGINE_ITEM.LAST_COMMIT, bytes });
  }
  if (height % 10n === 0n) items.push({ type: ENGINE_ITEM.NEXT_VALSET, bytes: valsetHash(next) });
  return items;
}

/** Shows a proposal of validator 0 to validator 3: does it vote for it, or give the view up? */
function judge(
  height: bigint,
  items: readonly EngineItem[],
  { decided = [], next = {} }: { decided?: readonly DecidedData[]; next?: NextEpoch } = {},
): "accepted" | "refused" {
  const epoch = epochOf(height);
  const core = new BbftCore({
    ...{ chainId, idKey: keys[3] ?? chainId, identify: hash, createContext },
    ...{ height, lastAppBlockId: idOf(height - 1n), decided },
    context: contextOf(epoch),
    previousContext: epoch === 0n ? undefined : contextOf(epoch - 1n),
  });
  let verdict: "accepted" | "refused" | undefined;
  const step = (event: Event): void => {
    for (const effect of core.step(event)) carryOut(effect);
  };
  const carryOut = (effect: Effect): void => {
    if (effect.type === "verify")
      step({ type: "verified", id: effect.id, invalid: runCheck(effect.check, verifyContext) });
    else if (effect.type === "validate")
      step({ ...effect, type: "validated", isAccepted: true, ...next });
    else if (effect.type === "sign")
      verdict = effect.request.kind === SIGN_KIND.PREPARE ? "accepted" : "refused";
  };
  const place = { epoch, height, view: 0 };
  const engineData = encodeEngineData([...required(height), ...items]);
  const appBlock = Uint8Array.of(1);
  const [appBlockId, engineHash] = [hash(appBlock), hash(engineData)];
  const valueId = valueIdOf(appBlockId, engineHash);
  const none = new Uint8Array(0);
  const signature = identity.sign(secretOf(0), proposalBytes(chainId, place, valueId, none));
  step({ type: "start" });
  const proposal = {
    ...{ ...place, leader: 0, appBlockId, engineHash, timeoutCertificate: none, signature },
    ...{ engineData, appBlock, valueId },
  };
  step({ type: "message", from: 0, message: { type: "proposal", proposal } });
  if (verdict === undefined) throw new Error("no verdict");
  return verdict;
}

const block = (height: bigint, ...items: EngineItem[]): DecidedData => ({
  ...{ height, engineData: encodeEngineData([...required(height), ...items]) },
});

describe("evidence in a block", () => {
  it("counts in the epoch of the offense and in the next", () => {
    expect(judge(5n, [doubleVote(3n)])).toBe("accepted");
    expect(judge(15n, [doubleVote(3n)])).toBe("accepted");
    expect(judge(25n, [doubleVote(3n)])).toBe("refused");
    expect(judge(5n, [doubleVote(6n)])).toBe("refused");
  });

  it("is refused when an earlier block of the two epochs has it, in whatever order or with others", () => {
    const decided = [block(4n, doubleVote(3n))];
    for (const height of [5n, 12n]) {
      expect(judge(height, [doubleVote(3n)], { decided })).toBe("refused");
      expect(judge(height, [doubleVote(3n, 2, 1)], { decided })).toBe("refused");
      expect(judge(height, [doubleVote(3n, 1, 9)], { decided })).toBe("refused");
      expect(judge(height, [doubleVote(3n, 1, 2, 1)], { decided })).toBe("accepted");
    }
  });

  it("is refused when the same block has it twice", () => {
    expect(judge(5n, [doubleVote(3n), doubleVote(3n, 2, 1)])).toBe("refused");
    expect(judge(5n, [doubleVote(3n), doubleVote(2n)])).toBe("accepted");
  });
});

describe("complaints in a block", () => {
  it("are one of each reporter about each gateway in an epoch", () => {
    const [a, b] = [complaintOf(1, 0, 0n), complaintOf(1, 2, 0n)];
    expect(judge(5n, [a, b])).toBe("accepted");
    expect(judge(5n, [a, b], { decided: [block(4n, a)] })).toBe("refused");
    expect(judge(15n, [complaintOf(1, 0, 1n)], { decided: [block(4n, a)] })).toBe("accepted");
    expect(judge(15n, [a])).toBe("refused");
  });

  it("must be signed by their reporter", () => {
    const { bytes } = complaintOf(1, 0, 0n);
    const forged = Uint8Array.from(bytes);
    forged[3] = 2;
    expect(judge(5n, [{ type: ENGINE_ITEM.COMPLAINT, bytes: forged }])).toBe("refused");
  });
});

describe("parameters in the last block of an epoch", () => {
  const change = (more: Partial<Parameters>): Parameters => ({ ...parameters, ...more });
  const item = (one: Parameters): EngineItem => ({
    ...{ type: ENGINE_ITEM.PARAMS, bytes: encodeParameters(one) },
  });

  it("are those that the application wants, or none", () => {
    const wanted = change({ hierViews: 5 });
    const next = { nextParameters: wanted };
    expect(judge(10n, [item(wanted)], { next })).toBe("accepted");
    expect(judge(10n, [], { next })).toBe("refused");
    expect(judge(10n, [item(wanted)])).toBe("refused");
    expect(judge(10n, [item(change({ hierViews: 6 }))], { next })).toBe("refused");
    expect(judge(9n, [item(wanted)], { next })).toBe("refused");
    expect(judge(9n, [], { next })).toBe("accepted");
    expect(judge(10n, [])).toBe("accepted");
  });

  it.each([
    ["another length of epochs", { epochLength: 20 }],
    ["too many gateways", { m: 5 }],
    ["too many hierarchical views", { hierViews: 17 }],
    ["a view shorter than two intervals", { blockIntervalMs: 1001 }],
    ["a scheme without its keys", { scheme: 1 }],
    ["a scheme that is none", { scheme: 9 }],
  ])("are refused with %s, even where the application wants it", (_what, more) => {
    const wanted = change(more);
    const next = { nextParameters: wanted };
    expect(judge(10n, [item(wanted)], { next })).toBe("refused");
  });
});

describe("a node inside a chain", () => {
  const changed = { ...parameters, hierViews: 7 };
  const accused = [complaintOf(1, 0, 0n), complaintOf(1, 2, 0n), complaintOf(1, 3, 0n)];
  const blocks = new Map<bigint, DecidedData>();
  for (let height = 1n; height < 25n; height++) {
    const items = height === 3n ? accused : [];
    const params: EngineItem = { type: ENGINE_ITEM.PARAMS, bytes: encodeParameters(changed) };
    blocks.set(height, block(height, ...items, ...(height === 10n ? [params] : [])));
  }
  const create = createContextFactory({
    ...{ scheme, parameters },
    provider: ({ excluded, currentM, set }) => {
      const gateways = (currentM ?? 4) - (excluded?.size ?? 0);
      return { ...fullTopology(set.validators.length), gateways: [...Array(gateways).keys()] };
    },
  });
  const application = {
    validators: async (epoch: bigint) => setOf(epoch),
    async load(height: bigint) {
      const found = blocks.get(height);
      if (found === undefined) return undefined;
      const { engineData } = found;
      const body = { appBlockId: idOf(height), appBlock: Uint8Array.of(1), engineData };
      return { height, view: 0, body } as never;
    },
  };

  it("finds from the blocks alone what was decided epochs ago", async () => {
    const point = await findStartingPoint({
      ...{ height: 25n, epochLength: 10, application, createContext: create, records: [] },
    });
    const { context, previousContext, decided } = point;
    expect([context.epoch, context.parameters, context.topology.gateways]).toEqual([
      ...[2n, changed, [0, 1, 2]],
    ]);
    expect([previousContext?.epoch, previousContext?.parameters]).toEqual([1n, changed]);
    expect(decided.map(({ height }) => height)).toEqual(
      Array.from({ length: 14 }, (_, at) => BigInt(at + 11)),
    );
  });

  it("finds it in its log where blocks are gone, and says when it cannot", async () => {
    const forgetful = {
      ...application,
      load: async (height: bigint) => (height < 11n ? undefined : application.load(height)),
    };
    const input = { height: 25n, epochLength: 10, createContext: create, application: forgetful };
    await expect(findStartingPoint({ ...input, records: [] })).rejects.toThrow("wal");
    const records = [{ epoch: 1n, parameters: changed, parent: [-1, -1, -1, 0] }];
    const { context } = await findStartingPoint({ ...input, records });
    expect([context.parameters, context.topology.gateways]).toEqual([changed, [0, 1, 2]]);
  });
});
