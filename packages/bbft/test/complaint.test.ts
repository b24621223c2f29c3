import { describe, expect, it } from "vitest";
import {
  type Complaint,
  complaintBytes,
  complaintCheck,
  createFakeScheme,
  decodeComplaint,
  encodeComplaint,
  excludedGateways,
  groupValidators,
  normalizeLatency,
  SIGN_KIND,
} from "../src/index.ts";
import { chainId, electorateOf } from "./helpers.ts";

const complaint: Complaint = {
  ...{ gateway: 2, reporter: 5, epoch: 0n },
  signature: new Uint8Array(64).fill(7),
};
const unit = (n: number) =>
  electorateOf(
    createFakeScheme(),
    Array.from({ length: n }, () => 1n),
  );
const by = (reporters: readonly number[], gateway = 2): Complaint[] =>
  reporters.map((reporter) => ({ ...complaint, reporter, gateway }));

describe("a complaint", () => {
  it("is 76 bytes: gateway, reporter, epoch, signature; signed under its own kind", () => {
    const bytes = encodeComplaint({ ...complaint, epoch: 0x0102n });
    expect([...bytes.subarray(0, 12)]).toEqual([0, 2, 0, 5, 0, 0, 0, 0, 0, 0, 1, 2]);
    expect(bytes).toHaveLength(76);
    expect(decodeComplaint(bytes)).toEqual({ ...complaint, epoch: 0x0102n });
    for (const length of [0, 75, 77])
      expect(() => decodeComplaint(new Uint8Array(length))).toThrow("length");
    const signed = complaintBytes(chainId, complaint);
    expect([signed[15], signed.length]).toEqual([SIGN_KIND.COMPLAINT, 16 + 32 + 12]);
    expect(new Set(Object.values(SIGN_KIND)).size).toBe(8);
  });

  it("counts in its own epoch only, about and of validators, not of oneself", () => {
    const electorate = unit(7);
    expect(complaintCheck(complaint, chainId, electorate)).toMatchObject({ validator: 5 });
    const wrong = [{ epoch: 1n }, { gateway: 7 }, { reporter: 7 }, { reporter: 2 }];
    for (const change of wrong)
      expect(() => complaintCheck({ ...complaint, ...change }, chainId, electorate)).toThrow(
        "engine-data",
      );
  });
});

describe("exclusion", () => {
  it("needs a weak quorum of different validators, and as many as there are strikes", () => {
    const electorate = unit(10);
    const excluded = (complaints: Complaint[], strikes = 3) =>
      excludedGateways(electorate, complaints, strikes);
    expect(excluded(by([0, 1, 3]))).toEqual([]);
    expect(excluded(by([0, 1, 3, 3, 3, 3]))).toEqual([]);
    expect(excluded(by([0, 1, 3, 4]))).toEqual([2]);
    expect(excluded(by([0, 1, 3, 4]), 5)).toEqual([]);
    expect(excluded([...by([0, 1, 3, 4], 9), ...by([5, 6, 7, 8])])).toEqual([2, 9]);
    const weighted = electorateOf(createFakeScheme(), [5n, 1n, 1n, 1n, 1n]);
    expect(excludedGateways(weighted, by([0]), 1)).toEqual([2]);
    expect(excludedGateways(weighted, by([0]), 2)).toEqual([]);
  });

  it("leaves fewer gateways where the pool gets too small, and some where it is empty", () => {
    const distances = normalizeLatency(6, () => 10);
    const stake = [1n, 1n, 1n, 1n, 1n, 1n];
    const gateways = (excluded: readonly number[]) =>
      groupValidators({ distances, stake, excluded: new Set(excluded), m: 3, fanout: 0 }).topology
        .gateways;
    expect(gateways([0, 2])).toEqual([1, 3, 4]);
    expect(gateways([0, 1, 2, 3])).toEqual([4, 5]);
    expect(gateways([0, 1, 2, 3, 4, 5])).toHaveLength(1);
  });
});
