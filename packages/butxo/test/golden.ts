/** The vectors that run in Node and in the browser alike. */
import { expect } from "vitest";
import * as butxo from "../src/index.ts";
import type {
  AddressVectors,
  BlockVector,
  DecodingVector,
  MerkleProofVector,
  SideChainTransactionVector,
  TransactionVector,
} from "./vectors.ts";

const { bytom, fromHex, toHex, vapor } = butxo;
const PREFIXES: { readonly [network: string]: string } = {
  mainnet: "bm",
  wisdom: "tm",
  solonet: "sm",
};

export function checkTransaction(vector: TransactionVector): void {
  const transaction = butxo.parseTransaction(vector.raw, bytom);
  const mapped = butxo.mapTransaction(transaction);
  expect(toHex(butxo.transactionId(transaction))).toBe(vector.tx_id);
  expect(toHex(mapped.muxId)).toBe(vector.mux_id);
  expect(String(transaction.serializedSize)).toBe(vector.serialized_size);
  expect(mapped.inputIds.map(toHex)).toEqual(vector.inputs.map((input) => input.input_id));
  expect(mapped.resultIds.map(toHex)).toEqual(vector.outputs.map((output) => output.id));
  vector.inputs.forEach((input, i) => {
    expect(toHex(butxo.signatureHash(mapped, i))).toBe(input.sig_hash);
  });
  expect(butxo.formatTransaction(transaction)).toBe(vector.reserialized ?? vector.raw);
}

export function checkSideChainTransaction(vector: SideChainTransactionVector): void {
  const transaction = butxo.parseTransaction(vector.hex, vapor);
  const mapped = butxo.mapTransaction(transaction);
  expect(toHex(mapped.id)).toBe(vector.tx_id);
  expect(mapped.inputIds.map(toHex)).toEqual(vector.inputs.map((input) => input.input_id));
  expect(mapped.resultIds.map(toHex)).toEqual(vector.outputs.map((output) => output.output_id));
  vector.inputs.forEach((input, i) => {
    expect(toHex(butxo.signatureHash(mapped, i))).toBe(input.sighash);
  });
  expect(butxo.formatTransaction(transaction)).toBe(vector.hex);
}

export function checkDecoding(vector: DecodingVector): void {
  const parse = () => butxo.parseTransaction(vector.raw ?? vector.text ?? "", bytom);
  if (vector.ok) expect(toHex(butxo.transactionId(parse()))).toBe(vector.tx_id);
  else expect(parse).toThrow(butxo.ButxoError);
}

export function checkBlock(vector: BlockVector): void {
  const block = butxo.parseBlock(vector.raw, bytom);
  const ids = block.transactions.map(butxo.transactionId);
  expect(toHex(butxo.blockHash(block.header))).toBe(vector.hash);
  expect(ids.map(toHex)).toEqual(vector.tx_ids);
  expect(toHex(block.header.transactionMerkleRoot)).toBe(vector.transaction_merkle_root);
  expect(butxo.formatBlock(block)).toBe(vector.raw);
}

export function checkMerkleProof(vector: MerkleProofVector): void {
  const ids = vector.tx_ids.map(fromHex);
  const related = ids.filter((_, i) => vector.related_positions.includes(i));
  const relatedStatuses = vector.status_fail.filter((_, i) => vector.related_positions.includes(i));
  const proof = butxo.createTransactionProof(ids, related);
  const statusProof = butxo.createStatusProof(vector.status_fail, proof.flags);
  const root = butxo.transactionMerkleRoot(ids);
  const statusRoot = butxo.statusMerkleRoot(vector.status_fail);
  expect(toHex(root)).toBe(vector.tx_merkle_root);
  expect(toHex(statusRoot)).toBe(vector.tx_status_root);
  expect(proof.flags).toEqual(vector.flags);
  expect(proof.hashes.map(toHex)).toEqual(vector.tx_hashes);
  expect(statusProof.hashes.map(toHex)).toEqual(vector.status_hashes);
  expect(butxo.verifyTransactionProof(proof, related, root)).toBe(true);
  expect(butxo.verifyStatusProof(statusProof, relatedStatuses, statusRoot)).toBe(true);
  for (const tampered of vector.tampered) {
    const { flags } = tampered;
    const verdict = butxo.verifyTransactionProof(
      { flags, hashes: tampered.hashes.map(fromHex) },
      tampered.related.map(fromHex),
      fromHex(tampered.root),
    );
    expect(verdict).toBe(tampered.valid);
  }
}

export function checkAddresses({ valid, decode }: AddressVectors): void {
  for (const vector of valid) {
    const prefix = PREFIXES[vector.network] ?? "";
    const address = butxo.decodeAddress(vector.address, prefix);
    expect(toHex(address.controlProgram)).toBe(vector.control_program);
    expect(address.type).toBe(vector.type);
    expect(butxo.encodeAddress(fromHex(vector.hash), prefix)).toBe(vector.address);
    expect(butxo.programAddress(address.controlProgram, prefix)).toBe(vector.address);
  }
  for (const vector of decode) {
    const read = () => butxo.decodeAddress(vector.address, PREFIXES[vector.network] ?? "");
    if (vector.ok) expect(toHex(read().hash)).toBe(vector.hash);
    else expect(read).toThrow(butxo.ButxoError);
  }
}
