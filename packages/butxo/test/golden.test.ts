import { describe, expect, it } from "vitest";
import addresses from "../../../vectors/ledger/address.json" with { type: "json" };
import blocks from "../../../vectors/ledger/block.json" with { type: "json" };
import chain from "../../../vectors/ledger/chain_solonet.json" with { type: "json" };
import merkleProofs from "../../../vectors/ledger/merkle_proof.json" with { type: "json" };
import transactions from "../../../vectors/ledger/tx.json" with { type: "json" };
import decodings from "../../../vectors/ledger/tx_decode.json" with { type: "json" };
import suffixes from "../../../vectors/ledger/tx_suffixes.json" with { type: "json" };
import sideChain from "../../../vectors/vapor/transactions.json" with { type: "json" };
import {
  blockHash,
  bytom,
  formatBlock,
  parseBlock,
  toHex,
  transactionId,
  transactionMerkleRoot,
} from "../src/index.ts";
import {
  checkAddresses,
  checkBlock,
  checkDecoding,
  checkMerkleProof,
  checkSideChainTransaction,
  checkTransaction,
} from "./golden.ts";

describe("golden vectors", () => {
  it.each([...transactions, ...suffixes].map((v, i) => [i, v] as const))("transaction %i", (_, v) =>
    checkTransaction(v),
  );

  it.each(sideChain.map((v, i) => [`${i} ${v.name}`, v] as const))("side chain: %s", (_, v) =>
    checkSideChainTransaction(v),
  );

  it.each(decodings.map((v, i) => [i, v] as const))("decoding %i", (_, v) => checkDecoding(v));

  it.each(blocks.encode.map((v, i) => [i, v] as const))("block %i", (_, v) => checkBlock(v));

  it.each(merkleProofs.map((v, i) => [i, v] as const))("merkle proof %i", (_, v) =>
    checkMerkleProof(v),
  );

  it("addresses", () => checkAddresses(addresses));
});

it("reads the recorded chain, link by link", () => {
  let previous = new Uint8Array(32);
  for (const { raw, hash } of chain.blocks) {
    const block = parseBlock(raw, bytom);
    const ids = block.transactions.map(transactionId);
    expect(toHex(block.header.previousBlockHash)).toBe(toHex(previous));
    expect(transactionMerkleRoot(ids)).toEqual(block.header.transactionMerkleRoot);
    expect(formatBlock(block)).toBe(raw);
    previous = blockHash(block.header).slice();
    expect(toHex(previous)).toBe(hash);
  }
});
