import { sha3Backend } from "@bystack/crypto";
import { describe, expect, it } from "vitest";
import addresses from "../../../vectors/ledger/address.json" with { type: "json" };
import blocks from "../../../vectors/ledger/block.json" with { type: "json" };
import merkleProofs from "../../../vectors/ledger/merkle_proof.json" with { type: "json" };
import transactions from "../../../vectors/ledger/tx.json" with { type: "json" };
import decodings from "../../../vectors/ledger/tx_decode.json" with { type: "json" };
import sideChain from "../../../vectors/vapor/transactions.json" with { type: "json" };
import {
  checkAddresses,
  checkBlock,
  checkDecoding,
  checkMerkleProof,
  checkSideChainTransaction,
  checkTransaction,
} from "./golden.ts";

describe("golden vectors in the browser", () => {
  it("has the WebAssembly hash", () => expect(sha3Backend().name).toBe("wasm"));
  it("transactions", () => transactions.forEach(checkTransaction));
  it("side-chain transactions", () => sideChain.forEach(checkSideChainTransaction));
  it("decodings", () => decodings.forEach(checkDecoding));
  it("blocks", () => blocks.encode.forEach(checkBlock));
  it("merkle proofs", () => merkleProofs.forEach(checkMerkleProof));
  it("addresses", () => checkAddresses(addresses));
});
