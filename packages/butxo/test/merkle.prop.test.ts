import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createStatusProof,
  createTransactionProof,
  type MerkleProof,
  PROOF_FLAG,
  statusMerkleRoot,
  transactionMerkleRoot,
  verifyStatusProof,
  verifyTransactionProof,
} from "../src/index.ts";
import { hash } from "./arbitraries.ts";

/** A block's ids and statuses, and which of its transactions are to be proven. */
const selection = fc
  .uniqueArray(hash, { minLength: 1, maxLength: 40, selector: String })
  .chain((ids) =>
    fc.record({
      ids: fc.constant(ids),
      statusFail: fc.array(fc.boolean(), { minLength: ids.length, maxLength: ids.length }),
      isRelated: fc.array(fc.boolean(), { minLength: ids.length, maxLength: ids.length }),
    }),
  );

describe("merkle proofs", () => {
  it("of any subset hold, and so do the statuses with the same flags", () => {
    fc.assert(
      fc.property(selection, ({ ids, statusFail, isRelated }) => {
        const related = ids.filter((_, i) => isRelated[i]);
        const statuses = statusFail.filter((_, i) => isRelated[i]);
        const proof = createTransactionProof(ids, related);
        const statusProof = createStatusProof(statusFail, proof.flags);
        expect(verifyTransactionProof(proof, related, transactionMerkleRoot(ids))).toBe(true);
        expect(verifyStatusProof(statusProof, statuses, statusMerkleRoot(statusFail))).toBe(true);
      }),
    );
  });

  it("with a changed, missing or additional part fail", () => {
    fc.assert(
      fc.property(selection, fc.nat(), hash, ({ ids, isRelated }, at, other) => {
        const related = ids.filter((_, i) => isRelated[i]);
        const root = transactionMerkleRoot(ids);
        const proof = createTransactionProof(ids, related);
        const index = at % proof.hashes.length;
        const changed = proof.hashes.map((h, i) => (i === index ? other : h));
        const removed = proof.hashes.filter((_, i) => i !== index);
        expect(verifyTransactionProof({ ...proof, hashes: changed }, related, root)).toBe(false);
        expect(verifyTransactionProof({ ...proof, hashes: removed }, related, root)).toBe(false);
        expect(verifyTransactionProof(proof, [...related, other], root)).toBe(false);
        expect(verifyTransactionProof(proof, related, other)).toBe(false);
        if (related.length > 0) {
          expect(verifyTransactionProof(proof, related.slice(1), root)).toBe(false);
          const exchanged = related.map((id, i) => (i === at % related.length ? other : id));
          expect(verifyTransactionProof(proof, exchanged, root)).toBe(false);
        }
      }),
    );
  });

  it("of flipped statuses fail", () => {
    fc.assert(
      fc.property(selection, fc.nat(), ({ ids, statusFail, isRelated }, at) => {
        const statuses = statusFail.filter((_, i) => isRelated[i]);
        fc.pre(statuses.length > 0);
        const { flags } = createTransactionProof(
          ids,
          ids.filter((_, i) => isRelated[i]),
        );
        const proof = createStatusProof(statusFail, flags);
        const flipped = statuses.map((s, i) => (i === at % statuses.length ? !s : s));
        expect(verifyStatusProof(proof, flipped, statusMerkleRoot(statusFail))).toBe(false);
      }),
    );
  });

  it("from anybody are judged without an exception", () => {
    const proof: fc.Arbitrary<MerkleProof> = fc.record({
      hashes: fc.array(hash, { maxLength: 6 }),
      flags: fc.array(fc.nat(4), { maxLength: 12 }),
    });
    fc.assert(
      fc.property(proof, fc.array(hash, { maxLength: 3 }), hash, (claimed, related, root) => {
        expect(verifyTransactionProof(claimed, related, root)).toBe(false);
      }),
    );
  });
});

describe("merkle proofs at the edges", () => {
  it("nothing is proven by the root alone", () => {
    const ids = [new Uint8Array(32), new Uint8Array(32).fill(1)];
    const root = transactionMerkleRoot(ids);
    expect(createTransactionProof(ids, [])).toEqual({ hashes: [root], flags: [PROOF_FLAG.assist] });
    expect(createTransactionProof(ids, [new Uint8Array(32).fill(9)]).flags).toEqual([0]);
  });

  it("an empty block has an empty proof", () => {
    const proof = createTransactionProof([], []);
    expect(proof).toEqual({ hashes: [], flags: [] });
    expect(createStatusProof([], proof.flags).hashes).toEqual([]);
    expect(verifyTransactionProof(proof, [], transactionMerkleRoot([]))).toBe(true);
  });

  it("a chain of a hundred thousand parents neither overflows the stack nor takes long", () => {
    const flags = new Array<number>(100_000).fill(PROOF_FLAG.parent);
    const root = new Uint8Array(32);
    expect(verifyTransactionProof({ hashes: [], flags }, [], root)).toBe(false);
    expect(createStatusProof([true, false], flags).hashes).toEqual([]);
  });
});
