import { describe, expect, it } from "vitest";
import {
  type Certificate,
  decodeEvidence,
  EVIDENCE_TYPE,
  type Evidence,
  encodeEvidence,
  evidenceCheck,
  evidenceOfConflict,
  type Message,
  offenseOf,
  runCheck,
  signerSet,
  type TimeoutCertificate,
  timeoutBytes,
  voteBytes,
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

function certificateOf(
  kind: 1 | 2,
  view: number,
  valueId: Uint8Array,
  signers: readonly number[],
): Certificate {
  const place = { epoch: 0n, height: 1n, view };
  const message = voteBytes(kind, chainId, place, valueId);
  const signature = scheme.combine(
    signers.map((one) => ({ signers: [one], signature: scheme.sign(secretOf(one), message) })),
  );
  const set = signerSet(4, signers);
  return { ...place, kind, scheme: scheme.id, valueId, n: 4, signers: set, signature };
}
const asMessage = (certificate: Certificate): Message => ({ type: "certificate", certificate });

/** Validators 0, 1 and 2 gave up a view without claiming a certificate. */
function timeoutCertificateOf(view: number): TimeoutCertificate {
  const place = { epoch: 0n, height: 1n, view };
  const signers = [0, 1, 2];
  const message = timeoutBytes(chainId, place, 0);
  const signature = scheme.combine(
    signers.map((one) => ({ signers: [one], signature: scheme.sign(secretOf(one), message) })),
  );
  const groups = [{ qcViewPlus1: 0, signers: signerSet(4, signers) }];
  return { ...place, scheme: scheme.id, n: 4, groups, signature, highQc: undefined };
}
const gaveUp = (view: number): Message => ({
  type: "timeout-certificate",
  certificate: timeoutCertificateOf(view),
});

const invalidIn = (evidence: Evidence): number[] =>
  runCheck(evidenceCheck(evidence, chainId, contextOf), {
    ...{ chainId, identity },
    electorateOf: () => context,
  });

describe("a certificate in evidence", () => {
  const { DUP_VOTE, DUP_TIMEOUT, LOCK_VIOLATION } = EVIDENCE_TYPE;
  const one = certificateOf(1, 0, value(1), [0, 1, 2]);
  const other = certificateOf(1, 0, value(2), [1, 2, 3]);
  const decision = certificateOf(2, 0, value(1), [0, 1, 2]);
  const cases: [string, Evidence][] = [
    [
      "and a vote for another value",
      {
        ...{ type: DUP_VOTE, validator: 2 },
        ...{ first: vote(voteOf(2, 1, 0, value(2))), second: asMessage(one) },
      },
    ],
    [
      "and another certificate",
      {
        ...{ type: DUP_VOTE, validator: 2 },
        ...{ first: asMessage(one), second: asMessage(other) },
      },
    ],
    [
      "of a decision, and a timeout that hides it",
      {
        ...{ type: LOCK_VIOLATION, validator: 2 },
        ...{ first: asMessage(decision), second: timeoutOf(2, 1, 0) },
      },
    ],
    [
      "of a decision, and a timeout certificate that hides it",
      {
        ...{ type: LOCK_VIOLATION, validator: 2 },
        ...{ first: asMessage(decision), second: gaveUp(1) },
      },
    ],
    [
      "of timeouts, and a timeout with another claim",
      {
        ...{ type: DUP_TIMEOUT, validator: 2 },
        ...{ first: timeoutOf(2, 3, 1), second: gaveUp(3) },
      },
    ],
  ];

  it.each(cases)("%s: survives its encoding and holds", (_name, evidence) => {
    const decoded = decodeEvidence(encodeEvidence(evidence), contextOf);
    expect(decoded).toEqual(evidence);
    expect(invalidIn(decoded)).toEqual([]);
    expect(offenseOf(decoded, contextOf)).toMatchObject({ validator: 2, height: 1n });
  });

  it.each(cases)("%s: says nothing of who is not in both", (_name, evidence) => {
    const forged = encodeEvidence({ ...evidence, validator: 3 });
    expect(() => decodeEvidence(forged, contextOf)).toThrow("justification");
  });

  it("does not hold without a quorum, or with a signature that is none", () => {
    const few = asMessage(certificateOf(1, 0, value(1), [2]));
    const broken = asMessage({ ...one, signature: one.signature.map((byte) => byte ^ 1) });
    const first = vote(voteOf(2, 1, 0, value(2)));
    for (const second of [few, broken])
      expect(invalidIn({ type: DUP_VOTE, validator: 2, first, second })).toEqual([1]);
  });

  it("of one view and phase convicts all who are in both", () => {
    expect(evidenceOfConflict(one, other).map(({ validator }) => validator)).toEqual([1, 2]);
    for (const evidence of evidenceOfConflict(one, other)) expect(invalidIn(evidence)).toEqual([]);
    const later = certificateOf(1, 1, value(2), [1, 2, 3]);
    expect(evidenceOfConflict(one, later)).toEqual([]);
    expect(evidenceOfConflict(one, one)).toEqual([]);
    expect(evidenceOfConflict(one, decision)).toEqual([]);
  });
});

describe("a core proves a double vote", () => {
  const certificate = certificateOf(1, 0, value(1), [0, 1, 2]);

  it("by a certificate, when the vote comes later", () => {
    const { step, give, found } = drive(3);
    step({ type: "start" });
    give(0, asMessage(certificate));
    give(2, vote(voteOf(2, 1, 0, value(2))));
    expect(found()).toEqual(["2/2"]);
  });

  it("by a certificate, when the vote waited for others", () => {
    const { step, give, found, count } = drive(3);
    step({ type: "start" });
    give(2, vote(voteOf(2, 1, 0, value(2))));
    expect(count("verify")).toBe(0);
    give(0, asMessage(certificate));
    expect(found()).toEqual(["2/2"]);
  });

  it("by two certificates, against everybody in both", () => {
    const { step, give, found } = drive(3);
    step({ type: "start" });
    give(0, asMessage(certificate));
    give(1, asMessage(certificateOf(1, 0, value(2), [1, 2, 3])));
    expect(found()).toEqual(["2/1", "2/2"]);
  });

  it("by a second decision of a height that is over", () => {
    const driven = drive(3, { parameters: { epochLength: 1 } });
    driven.step({ type: "start" });
    decide(driven);
    committed(driven);
    const rival = certificateOf(2, 0, value(9), [1, 2, 3]);
    const proof = { certificate: rival, appBlockId: chainId, engineHash: chainId };
    const broken = { ...rival, signature: rival.signature.map((byte) => byte ^ 1) };
    driven.give(1, { type: "commit-proof", proof: { ...proof, certificate: broken } });
    driven.give(1, { type: "commit-proof", proof });
    expect(driven.found()).toEqual([]);
    driven.give(0, { type: "commit-proof", proof });
    expect(driven.found()).toEqual(["2/1", "2/2"]);
  });
});

describe("evidence from outside", () => {
  const evidence = encodeEvidence({
    ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 2 },
    first: asMessage(certificateOf(2, 0, value(1), [0, 1, 2])),
    second: asMessage(certificateOf(2, 0, value(2), [1, 2, 3])),
  });

  it("is kept and passed on to the leaders, once", () => {
    const { step, found, effects } = drive(3);
    step({ type: "start" });
    for (let i = 0; i < 2; i++) step({ type: "evidence", evidence });
    expect(found()).toEqual(["2/2"]);
    const sent = effects.filter(
      (effect) => effect.type === "send" && effect.message.type === "evidence",
    );
    expect(sent).toHaveLength(1);
  });

  it("that does not hold is dropped", () => {
    const { step, found, count } = drive(3);
    step({ type: "start" });
    const broken = evidence.slice();
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    for (const bytes of [broken, new Uint8Array(3)]) step({ type: "evidence", evidence: bytes });
    expect([found(), count("blame")]).toEqual([[], 0]);
  });
});

describe("who sends what cannot be honest", () => {
  const certificate = certificateOf(1, 0, value(1), [0, 1, 2]);
  const broken = { ...certificate, signature: certificate.signature.map((byte) => byte ^ 1) };
  const tc = timeoutCertificateOf(0);
  const brokenTc = { ...tc, signature: tc.signature.map((byte) => byte ^ 1) };
  it.each<[string, Message]>([
    ["a certificate", asMessage(broken)],
    ["a timeout certificate", { type: "timeout-certificate", certificate: brokenTc }],
  ])("costs one check: %s", (_name, message) => {
    const { core, step, give, count } = drive(3);
    step({ type: "start" });
    for (let i = 0; i < 5; i++) give(1, message);
    expect([count("verify"), count("blame")]).toEqual([1, 1]);
    give(0, asMessage(certificate));
    expect(core.current.certificate(1, 0)).toBeDefined();
  });
});
