import { describe, expect, it } from "vitest";
import {
  decodeEnvelope,
  decodeEvidence,
  decodeMessage,
  EVIDENCE_TYPE,
  encodeEnvelope,
  encodeEvidence,
  encodeMessage,
  envelopeBytes,
  evidenceCheck,
  type Message,
  runCheck,
  signerSet,
  signersOf,
} from "../src/index.ts";
import {
  committed,
  context,
  decide,
  drive,
  identity,
  scheme,
  timeoutOf,
  value,
  vote,
  voteOf,
} from "./core-driver.ts";
import { chainId, secretOf } from "./helpers.ts";

const contextOf = () => context;
const verifyContext = { chainId, identity, electorateOf: () => context };

describe("evidence", () => {
  const cases: [string, Parameters<typeof encodeEvidence>[0]][] = [
    [
      "two votes",
      {
        ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2 },
        first: vote(voteOf(2, 1, 0, value(1))),
        second: vote(voteOf(2, 1, 0, value(2))),
      },
    ],
    [
      "two timeouts",
      {
        ...{ type: EVIDENCE_TYPE.DUP_TIMEOUT, validator: 2 },
        first: timeoutOf(2, 3, 0),
        second: timeoutOf(2, 3, 1),
      },
    ],
    [
      "a hidden lock",
      {
        ...{ type: EVIDENCE_TYPE.LOCK_VIOLATION, validator: 2 },
        first: vote(voteOf(2, 2, 1, value(1))),
        second: timeoutOf(2, 2, 0),
      },
    ],
  ];

  it.each(cases)("of %s survives its encoding and verifies", (_name, evidence) => {
    const decoded = decodeEvidence(encodeEvidence(evidence), contextOf);
    expect(decoded).toEqual(evidence);
    expect(runCheck(evidenceCheck(decoded, chainId, contextOf), verifyContext)).toEqual([]);
  });

  it.each(cases)("of %s against somebody else is none", (_name, evidence) => {
    const forged = encodeEvidence({ ...evidence, validator: 1 });
    expect(() => decodeEvidence(forged, contextOf)).toThrow("justification");
  });

  it("does not call an honest order of COMMIT and TIMEOUT a violation", () => {
    const [first, type] = [vote(voteOf(2, 2, 1, value(1))), EVIDENCE_TYPE.LOCK_VIOLATION];
    for (const second of [timeoutOf(2, 1, 2), timeoutOf(2, 0, 0), timeoutOf(2, 5, 3)])
      expect(() =>
        decodeEvidence(encodeEvidence({ type, validator: 2, first, second }), contextOf),
      ).toThrow("justification");
  });

  it("with a signature that is not the validator's does not verify", () => {
    const other = { ...voteOf(1, 1, 0, value(2)), signer: 2 };
    const evidence = {
      ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2 },
      first: vote(voteOf(2, 1, 0, value(1))),
      second: vote(other),
    };
    const decoded = decodeEvidence(encodeEvidence(evidence), contextOf);
    expect(runCheck(evidenceCheck(decoded, chainId, contextOf), verifyContext)).toEqual([1]);
  });
});

describe("evidence of a false aggregate", () => {
  /** A contribution of validators 0 and 1 in an envelope of validator 2. */
  function envelopeOf(isSound: boolean, sender = 2, isSigned = true): Uint8Array {
    const votes = [voteOf(0, 1, 0, value(1)), voteOf(isSound ? 1 : 3, 1, 0, value(1))];
    const contribution = {
      ...{ epoch: 0n, height: 1n, view: 0, kind: 1 as const, scheme: scheme.id, n: 4 },
      ...{ valueId: value(1), signers: signerSet(4, [0, 1]) },
      signature: scheme.combine(
        votes.map(({ signature }, signer) => ({ signers: [signer], signature })),
      ),
    };
    const message = encodeMessage({ type: "aggregate", contribution });
    const [type = 0, payload] = [message[0], message.subarray(1)];
    const head = { sender, receiver: 3, seq: 9n };
    const bytes = envelopeBytes(chainId, { ...head, type, payload });
    const signature = identity.sign(secretOf(isSigned ? sender : 0), bytes);
    return encodeEnvelope({ ...head, message, signature });
  }
  const type = EVIDENCE_TYPE.BAD_AGGREGATE;
  const invalid = (evidence: Uint8Array) =>
    runCheck(evidenceCheck(decodeEvidence(evidence, contextOf), chainId, contextOf), verifyContext);

  it("holds when the sender signed for it and the votes do not", () => {
    const envelope = envelopeOf(false);
    const bytes = encodeEvidence({ type, validator: 2, envelope });
    // Type, validator, the envelope with its length, nothing with its length.
    expect([...bytes.subarray(0, 3)]).toEqual([5, 0, 2]);
    expect(bytes).toHaveLength(3 + 4 + envelope.length + 4);
    expect(decodeEvidence(bytes, contextOf)).toEqual({ type, validator: 2, envelope });
    expect(invalid(bytes)).toEqual([]);
  });

  it("does not hold against a sound contribution, or one that its sender did not sign", () => {
    const against = (envelope: Uint8Array) => encodeEvidence({ type, validator: 2, envelope });
    expect(invalid(against(envelopeOf(true)))).toEqual([1]);
    expect(invalid(against(envelopeOf(false, 2, false)))).toEqual([0]);
    expect(() => decodeEvidence(against(envelopeOf(false, 1)), contextOf)).toThrow("justification");
  });

  it("does not hold where the epoch is not known: nothing can be said about its votes", () => {
    const evidence = encodeEvidence({ type, validator: 2, envelope: envelopeOf(false) });
    const check = evidenceCheck(decodeEvidence(evidence, contextOf), chainId, contextOf);
    const nowhere = { ...verifyContext, electorateOf: () => undefined };
    expect(runCheck(check, nowhere)).toEqual([0, 1]);
    expect(() => decodeEvidence(evidence, () => undefined)).toThrow("stale");
  });

  it("is found by the core that the envelope was sent to", () => {
    const { step, found } = drive(3);
    step({ type: "start" });
    for (const signer of [0, 1]) {
      const message: Message = vote(voteOf(signer, 1, 0, value(1)));
      step({ type: "message", from: signer, message });
    }
    const envelope = envelopeOf(false);
    const message = decodeMessage(decodeEnvelope(envelope).message, context);
    step({ type: "message", from: 2, message, envelope });
    step({ type: "message", from: 2, message: vote(voteOf(2, 1, 0, value(1))) });
    step({ type: "timer", key: "attach" });
    expect(found()).toEqual(["5/2"]);
  });
});

describe("timeouts", () => {
  it("are checked together, and only when something can follow from them", () => {
    const { core, step, give, effects } = drive(3);
    step({ type: "start" });
    const checks = () => effects.filter(({ type }) => type === "verify");
    give(0, timeoutOf(0, 0, 0));
    expect(checks()).toHaveLength(0);
    // Two of four are a weak quorum: this core joins them, and three open the next view.
    give(1, timeoutOf(1, 0, 0));
    expect(checks()).toHaveLength(1);
    expect(checks()[0]).toMatchObject({ check: { type: "parts", parts: [{}, {}] } });
    expect(core.view).toBe(1);
  });

  it("that are invalid are told from the others, and their sender is heard no more", () => {
    const { core, step, give, effects } = drive(3);
    step({ type: "start" });
    const bad = timeoutOf(1, 0, 0);
    if (bad.type === "timeout")
      give(1, { type: "timeout", timeout: { ...bad.timeout, signature: new Uint8Array(8) } });
    give(0, timeoutOf(0, 0, 0));
    expect(effects).toContainEqual({ type: "blame", validator: 1, reason: "signature" });
    give(1, timeoutOf(1, 0, 0));
    expect(core.view).toBe(0);
    give(2, timeoutOf(2, 0, 0));
    expect(core.view).toBe(1);
  });

  it("of somebody else are taken from nobody where everybody sends its own", () => {
    const { core, step, give, effects } = drive(3);
    step({ type: "start" });
    for (const signer of [0, 1]) give(2, timeoutOf(signer, 0, 0));
    expect([core.view, effects.filter(({ type }) => type === "verify")]).toEqual([0, []]);
  });
});

describe("a core", () => {
  it("proves a double vote", () => {
    const { step, give, found } = drive(3);
    step({ type: "start" });
    for (const signer of [0, 1, 2]) give(signer, vote(voteOf(signer, 1, 0, value(1))));
    give(2, vote(voteOf(2, 1, 0, value(2))));
    expect(found()).toEqual(["2/2"]);
  });

  it.each([true, false])("tells of the same evidence once; included: %s", (isIncluded) => {
    const driven = drive(3, { parameters: { epochLength: 1 } });
    const { core, step, give, count, found } = driven;
    step({ type: "start" });
    const evidence = encodeEvidence({
      ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2 },
      first: vote(voteOf(2, 1, 0, value(1))),
      second: vote(voteOf(2, 1, 0, value(2))),
    });
    const tell = (): void => {
      for (const from of [0, 1]) give(from, { type: "evidence", evidence });
    };
    tell();
    expect(found()).toEqual(["2/2"]);
    decide(driven, isIncluded ? [evidence] : []);
    committed(driven);
    expect(core.context.epoch).toBe(1n);
    const before = count("verify");
    tell();
    expect(found()).toEqual(["2/2"]);
    // What is in a block is not even looked at.
    if (isIncluded) expect(count("verify")).toBe(before);
  });

  it("proves two timeouts and a hidden lock", () => {
    const { step, give, found } = drive(3);
    step({ type: "start" });
    for (const signer of [0, 1, 2]) give(signer, vote(voteOf(signer, 1, 0, value(1))));
    for (const signer of [0, 1, 2]) give(signer, vote(voteOf(signer, 2, 0, value(1))));
    expect(found()).toEqual([]);
    const other = drive(3);
    other.step({ type: "start" });
    for (const signer of [0, 1, 2]) other.give(signer, vote(voteOf(signer, 1, 0, value(1))));
    other.give(2, timeoutOf(2, 0, 0));
    for (const signer of [1, 2]) other.give(signer, vote(voteOf(signer, 2, 0, value(1))));
    // With its own vote that is a quorum, so the single votes were looked at.
    expect(other.found()).toEqual(["4/2"]);
  });

  it("bans who sends an invalid vote, and decides without it", () => {
    const { core, step, give, effects } = drive(3);
    step({ type: "start" });
    const bad = { ...voteOf(2, 1, 0, value(1)), signature: new Uint8Array(8) };
    for (const message of [
      vote(voteOf(0, 1, 0, value(1))),
      vote(voteOf(1, 1, 0, value(1))),
      vote(bad),
    ])
      give(message.type === "vote" ? message.vote.signer : 0, message);
    expect(effects).toContainEqual({ type: "blame", validator: 2, reason: "signature" });
    expect(core.current.certificate(1, 0)).toBeUndefined();
  });

  it("counts the real vote although a forged one of the same signer came first", () => {
    const { core, step, give } = drive(3);
    step({ type: "start" });
    const forged = { ...voteOf(1, 1, 0, value(1)), signature: new Uint8Array(8) };
    give(2, vote(forged));
    for (const signer of [0, 1, 2]) give(signer, vote(voteOf(signer, 1, 0, value(1))));
    const certificate = core.current.certificate(1, 0);
    expect(signersOf(certificate?.signers ?? new Uint8Array(0))).toEqual([0, 1, 2]);
  });

  it("that lost its log stays silent", () => {
    const { step, give, effects } = drive(3, { hasLostLog: true });
    step({ type: "start" });
    for (const signer of [0, 1, 2]) give(signer, vote(voteOf(signer, 1, 0, value(1))));
    step({ type: "timer", key: "view" });
    expect(effects.filter(({ type }) => type === "sign")).toEqual([]);
  });

  it("survives messages of absurd heights, views and signers", () => {
    const { core, step, give } = drive(3);
    step({ type: "start" });
    const huge = { ...voteOf(0, 1, 0, value(1)), view: 0xffffffff };
    give(0, vote(huge));
    give(0, vote({ ...huge, height: (1n << 64n) - 1n }));
    give(0, { type: "attach", height: 1n, view: 0xffffffff });
    give(0, { type: "proof-request", height: (1n << 64n) - 1n });
    const timeout = timeoutOf(0, 0, 0);
    if (timeout.type === "timeout")
      give(0, { type: "timeout", timeout: { ...timeout.timeout, view: 0xffffffff } });
    for (let i = 0; i < 2000; i++) give(1, vote({ ...voteOf(1, 1, 0, value(i)), height: 3n }));
    expect([core.height, core.view]).toEqual([1n, 0]);
  });
});
