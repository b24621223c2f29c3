import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BbftError,
  checkCertificate,
  createElectorate,
  createFakeScheme,
  decodeCertificate,
  decodeProposal,
  decodeTimeoutCertificate,
  encodeCertificate,
  encodeProposal,
  faultsTolerated,
  merge,
  powerOf,
  signerSet,
  signersOf,
} from "../src/index.ts";
import { certificateBy, chainId, electorateOf } from "./helpers.ts";

const scheme = createFakeScheme();
const n = 10;
const electorate = electorateOf(
  scheme,
  Array.from({ length: n }, () => 1n),
);
const signerSets = fc.uniqueArray(fc.nat(n - 1)).map((list) => list.sort((a, b) => a - b));

describe("certificates", () => {
  it("decode inverts encode, and exactly quorums are certificates", () => {
    fc.assert(
      fc.property(signerSets, (signers) => {
        const certificate = certificateBy(scheme, n, signers);
        const encoded = encodeCertificate(certificate);
        expect(decodeCertificate(encoded, electorate, scheme)).toEqual(certificate);
        const check = () => checkCertificate(certificate, chainId, electorate, scheme);
        if (signers.length >= n - faultsTolerated(n)) check();
        else expect(check).toThrow(expect.objectContaining({ code: "quorum" }));
      }),
    );
  });

  it("every changed bit is refused", () => {
    const encoded = encodeCertificate(certificateBy(scheme, n, [0, 1, 2, 3, 4, 5, 6]));
    for (let bit = 0; bit < encoded.length * 8; bit++) {
      const changed = Uint8Array.from(encoded);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => {
        const certificate = decodeCertificate(changed, electorate, scheme);
        checkCertificate(certificate, chainId, electorate, scheme);
      }).toThrow(BbftError);
    }
  });

  it("any bytes decode or fail with a BbftError", () => {
    const decoders = [
      (bytes: Uint8Array) => decodeCertificate(bytes, electorate, scheme),
      (bytes: Uint8Array) => decodeTimeoutCertificate(bytes, electorate, scheme),
      (bytes: Uint8Array) => decodeProposal(bytes),
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const decode of decoders) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(BbftError);
          }
        }
      }),
    );
  });
});

describe("quorums", () => {
  it("two quorums share an honest validator, and a weak quorum holds one", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 1n << 40n), { minLength: 1, maxLength: 40 }), (powers) => {
        const { quorumPower, weakPower, totalPower } = createElectorate({
          epoch: 0n,
          scheme: 1,
          validators: powers.map((power) => ({
            power,
            stake: 0n,
            voteKey: new Uint8Array(32),
            idKey: new Uint8Array(32),
          })),
        });
        const [quorum, weak, total] = [quorumPower, weakPower, totalPower].map(BigInt);
        if (quorum === undefined || weak === undefined || total === undefined) return;
        expect(3n * quorum > 2n * total && 3n * (quorum - 1n) <= 2n * total).toBe(true);
        expect(3n * weak >= total && 3n * (weak - 1n) < total).toBe(true);
      }),
    );
  });

  it("with unit power a quorum is n - f and a weak quorum f + 1", () => {
    for (let size = 1; size <= 200; size++) {
      const { quorumPower, weakPower } = electorateOf(scheme, new Array<bigint>(size).fill(1n));
      expect(quorumPower).toBe(size - faultsTolerated(size));
      expect(weakPower).toBe(faultsTolerated(size) + 1);
    }
  });

  it("a power of zero, or 2^53 in all, is refused", () => {
    expect(() => electorateOf(scheme, [1n, 0n])).toThrow("valset");
    expect(() => electorateOf(scheme, [])).toThrow("valset");
    expect(() => electorateOf(scheme, [1n << 52n, 1n << 52n])).toThrow("valset");
  });
});

it("merge never counts a signer twice and never loses a single vote", () => {
  const contribution = fc.record({
    source: fc.nat(n - 1),
    signers: signerSets.map((signers) => signerSet(n, signers)),
    signature: fc.constant(new Uint8Array(8)),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(contribution, { selector: ({ source }) => source }),
      signerSets,
      (contributions, singleSigners) => {
        const singles = new Map(singleSigners.map((signer) => [signer, new Uint8Array(8)]));
        const merged = merge(electorate, contributions, singles);
        const parts = merged.usedSources.flatMap((source) => {
          const found = contributions.find((item) => item.source === source);
          return found === undefined ? [] : signersOf(found.signers);
        });
        const all = [...parts, ...merged.usedSingles].sort((a, b) => a - b);
        expect(all).toEqual(signersOf(merged.signers));
        for (const signer of singleSigners) expect(all).toContain(signer);
        expect(merged.power).toBe(powerOf(electorate, merged.signers));
      },
    ),
  );
});

it("a proposal survives its encoding", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const shape = fc.record({
    epoch: fc.bigInt(0n, (1n << 64n) - 1n),
    height: fc.bigInt(0n, (1n << 64n) - 1n),
    view: fc.nat(0xffffffff),
    leader: fc.nat(0xffff),
    appBlockId: bytes(32),
    engineHash: bytes(32),
    timeoutCertificate: fc.uint8Array({ maxLength: 40 }),
    signature: bytes(64),
    engineData: fc.uint8Array({ maxLength: 40 }),
    appBlock: fc.uint8Array({ maxLength: 40 }),
  });
  fc.assert(
    fc.property(shape, (proposal) => {
      const encoded = encodeProposal({ ...proposal, valueId: new Uint8Array(32) });
      const decoded = decodeProposal(encoded);
      expect(decoded).toMatchObject(proposal);
      expect(encodeProposal(decoded)).toEqual(encoded);
    }),
  );
});
