import { describe, expect, it } from "vitest";
import { PastEpochs } from "../src/core/past-epochs.ts";
import {
  decodeEngineData,
  type Effect,
  ENGINE_ITEM,
  EVIDENCE_TYPE,
  encodeCommitProof,
  encodeEngineData,
  encodeEvidence,
  hash,
  offenseId,
  proposalBytes,
  valsetHash,
  valueIdOf,
} from "../src/index.ts";
import {
  committed,
  context,
  type Driven,
  decide,
  drive,
  electorate,
  identity,
  scheme,
  set,
  value,
  vote,
  voteOf,
} from "./core-driver.ts";
import { chainId, secretOf } from "./helpers.ts";

/** Validator 2 voted twice in height 1, which was epoch 0. */
const evidence = encodeEvidence({
  ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2 },
  first: vote(voteOf(2, 1, 0, value(1))),
  second: vote(voteOf(2, 1, 0, value(2))),
});
const offense = {
  ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2, kind: 1 },
  ...{ epoch: 0n, height: 1n, view: 0 },
};

/** A core at height 5, which is epoch 4, as every height is an epoch of its own. */
function atEpochFour(
  options: {
    readonly index?: number;
    readonly evidenceMaxAge?: bigint;
    readonly remembersOffenses?: boolean;
  } = {},
): Driven {
  const { index = 3, evidenceMaxAge = 100n, remembersOffenses = true } = options;
  const driven = drive(index, {
    remembersOffenses,
    parameters: { epochLength: 1, evidenceMaxAge },
  });
  driven.step({ type: "start" });
  for (let height = 1; height <= 4; height++) {
    decide(driven);
    committed(driven);
  }
  expect(driven.core.context.epoch).toBe(4n);
  return driven;
}

const last = <Type extends Effect["type"]>({ effects }: Driven, type: Type) =>
  effects.findLast((effect): effect is Extract<Effect, { type: Type }> => effect.type === type);

/** The application answers what it was asked last. */
function answerEpoch(driven: Driven): void {
  const asked = last(driven, "recall-epoch");
  expect(asked?.epoch).toBe(0n);
  driven.step({ type: "epoch-recalled", id: asked?.id ?? -1, ...context });
}
function answerOffense(driven: Driven, isKnown: boolean): void {
  const asked = last(driven, "recall-offense");
  expect(asked?.offense).toEqual(offenseId(offense));
  driven.step({ type: "offense-recalled", id: asked?.id ?? -1, isKnown });
}

/** A proposal of the leader of height 5, view 0, with this evidence in it. */
function propose(driven: Driven, items: readonly Uint8Array[]): void {
  const { core } = driven;
  const { leader } = core.current.roleIn(0);
  const proof = core.decision(4n)?.proof;
  if (proof === undefined) throw new Error("height 4 is not decided");
  const appBlock = Uint8Array.of(9);
  const engineData = encodeEngineData([
    { type: ENGINE_ITEM.LAST_COMMIT, bytes: encodeCommitProof(proof) },
    ...items.map((bytes) => ({ type: ENGINE_ITEM.EVIDENCE, bytes })),
    { type: ENGINE_ITEM.NEXT_VALSET, bytes: valsetHash({ ...set, epoch: 5n }) },
  ]);
  const [appBlockId, engineHash] = [hash(appBlock), hash(engineData)];
  const valueId = valueIdOf(appBlockId, engineHash);
  const place = { epoch: 4n, height: 5n, view: 0 };
  const timeoutCertificate = new Uint8Array(0);
  const signature = identity.sign(
    secretOf(leader),
    proposalBytes(chainId, place, valueId, timeoutCertificate),
  );
  const body = { appBlockId, appBlock, engineData };
  const proposal = {
    ...place,
    leader,
    engineHash,
    timeoutCertificate,
    signature,
    valueId,
    ...body,
  };
  driven.step({ type: "ready" });
  driven.give(leader, { type: "proposal", proposal });
  const judged = last(driven, "validate");
  if (judged !== undefined)
    driven.step({ type: "validated", height: 5n, valueId, isAccepted: true });
}
const hasPrepared = ({ core }: Driven): boolean => core.current.state.preparedIn === 0;
const hasGivenUp = ({ core }: Driven): boolean => core.current.state.timedOut === 0;

describe("evidence of an epoch long ago", () => {
  it("counts when its validators are recalled and no block has the offense", () => {
    const driven = atEpochFour();
    driven.give(0, { type: "evidence", evidence });
    answerEpoch(driven);
    expect(driven.found()).toEqual([]);
    answerOffense(driven, false);
    expect(driven.found()).toEqual(["2/2"]);
    // The set was needed for the moment only.
    expect(driven.core.electorateOf(0n)).toBeUndefined();
  });

  it("is none when a block has the offense already", () => {
    const driven = atEpochFour();
    driven.give(0, { type: "evidence", evidence });
    answerEpoch(driven);
    answerOffense(driven, true);
    expect(driven.found()).toEqual([]);
  });

  it.each([
    ["where the application does not remember", { remembersOffenses: false }],
    ["that is older than evidenceMaxAge", { evidenceMaxAge: 3n }],
  ])("%s is not even read", (_name, options) => {
    const driven = atEpochFour(options);
    driven.give(0, { type: "evidence", evidence });
    expect([driven.count("recall-epoch"), driven.found()]).toEqual([0, []]);
  });

  it("as old as evidenceMaxAge still counts", () => {
    const driven = atEpochFour({ evidenceMaxAge: 4n });
    driven.give(0, { type: "evidence", evidence });
    answerEpoch(driven);
    answerOffense(driven, false);
    expect(driven.found()).toEqual(["2/2"]);
  });

  it.each([true, false])("in a proposal; a block has it already: %s", (isKnown) => {
    const driven = atEpochFour();
    propose(driven, [evidence]);
    expect([hasPrepared(driven), driven.count("recall-offense")]).toEqual([false, 0]);
    answerEpoch(driven);
    expect(hasPrepared(driven)).toBe(false);
    answerOffense(driven, isKnown);
    const { valueId } = last(driven, "validate") ?? {};
    if (valueId !== undefined)
      driven.step({ type: "validated", height: 5n, valueId, isAccepted: true });
    expect([hasPrepared(driven), hasGivenUp(driven)]).toEqual([!isKnown, isKnown]);
  });

  it("in a proposal where the application does not remember: refused", () => {
    const driven = atEpochFour({ remembersOffenses: false });
    propose(driven, [evidence]);
    expect([hasPrepared(driven), hasGivenUp(driven)]).toEqual([false, true]);
  });

  it("twice in a proposal: refused without asking for the offense", () => {
    const driven = atEpochFour();
    const again = encodeEvidence({
      ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2 },
      first: vote(voteOf(2, 1, 0, value(2))),
      second: vote(voteOf(2, 1, 0, value(3))),
    });
    propose(
      driven,
      [evidence, again].sort((a, b) => Buffer.compare(a, b)),
    );
    answerEpoch(driven);
    expect([hasGivenUp(driven), driven.count("recall-offense")]).toEqual([true, 0]);
  });

  it("is included by the next leader, once", () => {
    const driven = atEpochFour({ index: 0 });
    const { core, step } = driven;
    expect(core.current.roleIn(0).leader).toBe(0);
    driven.give(1, { type: "evidence", evidence });
    answerEpoch(driven);
    answerOffense(driven, false);
    step({ type: "ready" });
    const appBlock = Uint8Array.of(9);
    step({ type: "prepared", height: 5n, view: 0, appBlockId: hash(appBlock), appBlock });
    const sent = driven.effects.flatMap((effect) =>
      effect.type === "send" && effect.message.type === "proposal"
        ? decodeEngineData(effect.message.proposal.engineData, 5n, 1)
        : [],
    );
    expect(sent.filter(({ type }) => type === ENGINE_ITEM.EVIDENCE)).toEqual([
      { type: ENGINE_ITEM.EVIDENCE, bytes: evidence },
    ]);
    decide(driven, [evidence]);
    answerEpoch(driven);
    committed(driven);
    driven.give(1, { type: "evidence", evidence });
    answerEpoch(driven);
    answerOffense(driven, true);
    expect(driven.found()).toEqual(["2/2"]);
  });

  it("in a decided block: the application is told what it proves", () => {
    const driven = atEpochFour();
    const before = driven.count("commit");
    decide(driven, [evidence]);
    expect(driven.count("commit")).toBe(before);
    answerEpoch(driven);
    expect(last(driven, "commit")?.offenses).toEqual([offense]);
    committed(driven);
    expect(driven.core.height).toBe(6n);
  });
});

describe("false evidence", () => {
  const forged = encodeEvidence({
    ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2 },
    first: vote(voteOf(2, 1, 0, value(1))),
    second: vote({ ...voteOf(1, 1, 0, value(2)), signer: 2 }),
  });

  it("costs its sender the ear of this node, until the next epoch", () => {
    const driven = drive(3, { parameters: { epochLength: 1 } });
    driven.step({ type: "start" });
    driven.give(0, { type: "evidence", evidence: forged });
    expect(last(driven, "blame")).toMatchObject({ validator: 0, reason: "signature" });
    const checks = driven.count("verify");
    driven.give(0, { type: "evidence", evidence });
    expect([driven.count("verify"), driven.found()]).toEqual([checks, []]);
    decide(driven);
    committed(driven);
    driven.give(0, { type: "evidence", evidence });
    expect(driven.found()).toEqual(["2/2"]);
  });

  it("of one peer is looked at a little at a time", () => {
    const driven = atEpochFour();
    for (let view = 0; view < 100; view++)
      driven.give(0, {
        type: "evidence",
        evidence: encodeEvidence({
          ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2 },
          first: vote(voteOf(2, 1, view, value(1))),
          second: vote(voteOf(2, 1, view, value(2))),
        }),
      });
    // All wait for the same set; it is asked for once.
    expect([driven.count("recall-epoch"), driven.count("verify")]).toEqual([1, 4]);
    answerEpoch(driven);
    expect(driven.count("recall-offense")).toBe(8);
  });
});

describe("validators of past epochs", () => {
  it("are fetched once for all who use them, and kept until the last is done", () => {
    const fetched: bigint[] = [];
    const answers: (() => void)[] = [];
    const past = new PastEpochs((epoch, then) => {
      fetched.push(epoch);
      answers.push(() => then({ electorate, scheme }));
    });
    const releases: (() => void)[] = [];
    const keep = (release: () => void) => void releases.push(release);
    past.use(new Set([1n, 2n]), keep);
    past.use(new Set([2n]), keep);
    expect([fetched, releases.length]).toEqual([[1n, 2n], 0]);
    answers[1]?.();
    expect(releases).toHaveLength(1);
    answers[0]?.();
    expect(releases).toHaveLength(2);
    releases[0]?.();
    expect([past.find(1n), past.find(2n)].map((one) => one !== undefined)).toEqual([true, true]);
    releases[1]?.();
    expect([past.find(1n), past.find(2n)]).toEqual([undefined, undefined]);
  });

  it("that are answered at once are given at once", () => {
    const past = new PastEpochs((_epoch, then) => then({ electorate, scheme }));
    let calls = 0;
    past.use(new Set([1n, 2n]), () => calls++);
    past.use(new Set(), () => calls++);
    expect(calls).toBe(2);
  });
});
