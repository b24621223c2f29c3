import {
  createStatusProof,
  createTransactionProof,
  statusMerkleRoot,
  transactionMerkleRoot,
  verifyStatusProof,
  verifyTransactionProof,
} from "@bystack/butxo";
import { bytes, count, equal, type Fields, flag, list, object } from "../check.ts";
import type { Handler } from "../runner.ts";
import { compareFields } from "./describe.ts";

/** `merkle_root`: both roots over lists of ids and statuses. */
export const merkleRoots: Handler = (file, context) => {
  list(file, "file").forEach((value, index) => {
    context.check(`root ${index}`, () => {
      const { tx_ids, status_fail, ...rest } = object(value, "case");
      const ours = {
        tx_merkle_root: transactionMerkleRoot(hashes(tx_ids, "tx_ids")),
        tx_status_root: statusMerkleRoot(flags(status_fail, "status_fail")),
      };
      compareFields(ours, rest, "root");
    });
  });
};

/** `merkle_proof`: proofs of some positions, and proofs that somebody has tampered with. */
export const merkleProofs: Handler = (file, context) => {
  list(file, "file").forEach((value, index) => {
    const proof = object(value, "case");
    context.check(`proof ${index}`, () => checkProof(proof));
    list(proof["tampered"], "tampered").forEach((tampered, i) => {
      context.check(`proof ${index}, tampered ${i}`, () => checkTampered(object(tampered, "case")));
    });
  });
};

function checkProof({
  tx_ids,
  status_fail,
  related_positions,
  tampered: _,
  ...rest
}: Fields): void {
  const ids = hashes(tx_ids, "tx_ids");
  const statuses = flags(status_fail, "status_fail");
  const positions = list(related_positions, "related_positions").map((p) => count(p, "position"));
  const relatedIds = pick(ids, positions);
  const relatedStatuses = pick(statuses, positions);
  const proof = createTransactionProof(ids, relatedIds);
  const statusProof = createStatusProof(statuses, proof.flags);
  const transactionRoot = transactionMerkleRoot(ids);
  const statusRoot = statusMerkleRoot(statuses);
  const ours = {
    flags: proof.flags,
    tx_hashes: proof.hashes,
    status_hashes: statusProof.hashes,
    tx_merkle_root: transactionRoot,
    tx_status_root: statusRoot,
    tx_valid: verifyTransactionProof(proof, relatedIds, transactionRoot),
    status_valid: verifyStatusProof(statusProof, relatedStatuses, statusRoot),
  };
  compareFields(ours, rest, "proof");
}

function checkTampered({ hashes: listed, flags: steps, related, root, valid }: Fields): void {
  const proof = {
    hashes: hashes(listed, "hashes"),
    flags: list(steps, "flags").map((step) => count(step, "flag")),
  };
  const verdict = verifyTransactionProof(proof, hashes(related, "related"), bytes(root, "root"));
  equal(verdict, flag(valid, "valid"), "valid");
}

function hashes(value: unknown, what: string): Uint8Array[] {
  return list(value, what).map((item) => bytes(item, what));
}

function flags(value: unknown, what: string): boolean[] {
  return list(value, what).map((item) => flag(item, what));
}

function pick<T>(items: readonly T[], positions: readonly number[]): T[] {
  return items.filter((_, index) => positions.includes(index));
}
