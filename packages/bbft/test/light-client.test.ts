import { describe, expect, it } from "vitest";
import {
  areConflicting,
  type CommitProof,
  createBls12381,
  createEd25519,
  createElectorate,
  DEFAULT_PARAMETERS,
  decodeCommitProof,
  ENGINE_ITEM,
  encodeCommitProof,
  encodeEngineData,
  encodeParameters,
  hash,
  type LightClientOptions,
  signerSet,
  type TrustedState,
  type ValidatorSet,
  valsetHash,
  valueIdOf,
  verifyEpochChange,
  verifySkipping,
  verifyWithinEpoch,
  voteBytes,
} from "../src/index.ts";
import { certificateBy, chainId, secretOf } from "./helpers.ts";

const scheme = createEd25519();
const options = { chainId, epochLength: 10, scheme, trustingPeriodSeconds: 1000 };

function setOf(epoch: bigint, members: readonly number[]): ValidatorSet {
  return {
    epoch,
    scheme: scheme.id,
    validators: members.map((member) => {
      const key = scheme.publicKey(secretOf(member));
      return { power: 1n, stake: 1n, voteKey: key, idKey: key };
    }),
  };
}

/** A block of a height, decided by the members at these positions of the set. */
function decide(
  height: bigint,
  members: readonly number[],
  positions: readonly number[],
  engineData: Uint8Array = new Uint8Array(0),
  block = Number(height),
): Uint8Array {
  const appBlockId = hash(Uint8Array.of(block));
  const engineHash = hash(engineData);
  const valueId = valueIdOf(appBlockId, engineHash);
  const place = { epoch: (height - 1n) / 10n, height, view: 0 };
  const message = voteBytes(2, chainId, place, valueId);
  const signature = scheme.combine(
    positions.map((position) => ({
      signers: [position],
      signature: scheme.sign(secretOf(members[position] ?? 0), message),
    })),
  );
  const n = members.length;
  const certificate = {
    ...{ ...place, kind: 2 as const, scheme: scheme.id, valueId, n },
    signers: signerSet(n, positions),
    signature,
  };
  return encodeCommitProof({ certificate, appBlockId, engineHash });
}

const first = [0, 1, 2, 3];
const trusted: TrustedState = {
  set: setOf(0n, first),
  height: 1n,
  blockId: hash(Uint8Array.of(1)),
  confirmedAtSeconds: 0,
};

describe("light client", () => {
  it("takes a block of the trusted epoch on one proof", () => {
    const state = verifyWithinEpoch(options, trusted, decide(7n, first, [0, 1, 3]), 10);
    expect(state).toMatchObject({ height: 7n, blockId: hash(Uint8Array.of(7)) });
    expect(verifyWithinEpoch(options, state, decide(3n, first, [0, 1, 3]), 11).height).toBe(7n);
  });

  it.each([
    ["two of four", decide(7n, first, [0, 1]), "quorum"],
    ["another epoch", decide(17n, first, [0, 1, 2]), "valset"],
    ["a forger", decide(7n, [8, 9, 2, 3], [0, 1, 2]), "signature"],
    ["another block of the trusted height", decide(1n, first, [0, 1, 2], undefined, 99), "trust"],
    ["nothing", new Uint8Array(0), "length"],
  ])("refuses %s", (_what, proof, code) => {
    expect(() => verifyWithinEpoch(options, trusted, proof, 10)).toThrow(
      expect.objectContaining({ name: "BbftError", code }),
    );
  });

  it("refuses to build on what is too old", () => {
    const proof = decide(7n, first, [0, 1, 2]);
    expect(() => verifyWithinEpoch(options, trusted, proof, 1001)).toThrow("trust");
  });

  it("follows the announced set into the next epoch", () => {
    const next = setOf(1n, [0, 1, 7, 8]);
    const proofBefore = decide(9n, first, [0, 1, 2]);
    const engineData = encodeEngineData([
      { type: ENGINE_ITEM.LAST_COMMIT, bytes: proofBefore },
      { type: ENGINE_ITEM.NEXT_VALSET, bytes: valsetHash(next) },
    ]);
    const proof = decide(10n, first, [1, 2, 3], engineData);
    const state = verifyEpochChange(options, trusted, proof, engineData, next, 10);
    expect(state).toMatchObject({ height: 10n, set: next });
    const later = decide(12n, [0, 1, 7, 8], [1, 2, 3]);
    expect(verifyWithinEpoch(options, state, later, 11).height).toBe(12n);
    const other = setOf(1n, [0, 1, 7, 9]);
    expect(() => verifyEpochChange(options, trusted, proof, engineData, other, 10)).toThrow(
      "valset",
    );
    const empty = new Uint8Array(0);
    expect(() => verifyEpochChange(options, trusted, proof, empty, next, 10)).toThrow(
      "justification",
    );
  });

  it("skips to a later set when enough of the trusted power signed", () => {
    const members = [0, 1, 7, 8];
    const next = setOf(5n, members);
    const proof = decide(55n, members, [0, 1, 2]);
    expect(verifySkipping(options, trusted, proof, next, 10).height).toBe(55n);
    // One of four trusted validators is not more than a third.
    const few = decide(55n, members, [1, 2, 3]);
    expect(() => verifySkipping(options, trusted, few, next, 10)).toThrow("trust");
    const half = { ...options, trustLevel: { numerator: 1n, denominator: 2n } };
    expect(() => verifySkipping(half, trusted, proof, next, 10)).toThrow("trust");
    expect(() => verifySkipping(options, trusted, proof, setOf(0n, members), 10)).toThrow("valset");
  });

  it("follows a change of parameters, and of the scheme where it knows the new one", () => {
    const bls = createBls12381();
    const parameters = { ...DEFAULT_PARAMETERS, scheme: 2, epochLength: 10, viewTimeoutMs: 3000 };
    const next: ValidatorSet = {
      ...{ epoch: 1n, scheme: 2 },
      validators: first.map((member) => ({
        ...{ power: 1n, stake: 1n, voteKey: bls.publicKey(secretOf(member)) },
        idKey: scheme.publicKey(secretOf(member)),
      })),
    };
    const change = (set: ValidatorSet, params: typeof parameters) => {
      const engineData = encodeEngineData([
        { type: ENGINE_ITEM.LAST_COMMIT, bytes: decide(9n, first, [0, 1, 2]) },
        { type: ENGINE_ITEM.NEXT_VALSET, bytes: valsetHash(set) },
        { type: ENGINE_ITEM.PARAMS, bytes: encodeParameters(params) },
      ]);
      const proof = decide(10n, first, [1, 2, 3], engineData);
      return (known: LightClientOptions) =>
        verifyEpochChange(known, trusted, proof, engineData, set, 10);
    };
    const both = { ...options, otherSchemes: [bls] };
    const state = change(next, parameters)(both);
    expect(state).toMatchObject({ set: next, parameters });
    // Whoever does not know the scheme stops at the first proof of the next epoch.
    const later = certificateBy(bls, 4, [0, 1, 2]);
    const proof = encodeCommitProof({
      ...{ certificate: { ...later, epoch: 1n }, appBlockId: chainId, engineHash: chainId },
    });
    expect(() => verifyWithinEpoch(options, state, proof, 11)).toThrow("scheme");
    expect(() => verifyWithinEpoch(both, state, proof, 11)).not.toThrow("scheme");
    const wrong = [
      change(setOf(1n, first), parameters),
      change(next, { ...parameters, scheme: 1 }),
    ];
    for (const verify of wrong) expect(() => verify(both)).toThrow("scheme");
    expect(() => change(next, { ...parameters, epochLength: 20 })(both)).toThrow("limit");
    expect(() => change(next, { ...parameters, hierViews: 17 })(both)).toThrow("limit");
  });

  it("tells two proofs of one height apart", () => {
    const electorate = createElectorate(trusted.set);
    const [a, b, c] = [
      decide(7n, first, [0, 1, 2]),
      decide(7n, first, [1, 2, 3]),
      decide(7n, first, [1, 2, 3], undefined, 50),
    ].map((bytes): CommitProof => decodeCommitProof(bytes, electorate, scheme));
    if (a === undefined || b === undefined || c === undefined) throw new Error();
    expect(areConflicting(a, b)).toBe(false);
    expect(areConflicting(a, c)).toBe(true);
  });
});
