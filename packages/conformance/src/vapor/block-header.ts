import {
  type BlockHeader,
  blockHash,
  decodeTransactions,
  encodeTransactions,
  formatBlock,
  formatBlockHeader,
  fromHex,
  parseBlock,
  parseBlockHeader,
  statusMerkleRoot,
  transactionId,
  transactionMerkleRoot,
  vapor,
} from "@bystack/butxo";
import { equal, type Fields, flag, list, text } from "../check.ts";
import { checkLists, compareFields } from "../ledger/describe.ts";
import { checkError } from "../ledger/reference-error.ts";
import type { Handler } from "../runner.ts";

/** `block_headers`: headers, their decoding, and blocks in their three encodings. */
export const blockHeaders: Handler = (file, context) => {
  checkLists(file, context, {
    headers: checkHeader,
    header_decoding: checkDecoding,
    blocks: checkBlock,
  });
};

function checkHeader({ hex, ...rest }: Fields): void {
  const header = parseBlockHeader(text(hex, "hex"), vapor);
  equal(formatBlockHeader(header), hex, "reencoded");
  compareFields(describeHeader(header), rest, "header");
}

function checkDecoding({ hex, ok, error, ...rest }: Fields): void {
  const parse = () => parseBlockHeader(text(hex, "hex"), vapor);
  if (flag(ok, "ok")) compareFields(describeHeader(parse()), rest, "header");
  else checkError(parse, text(error, "error"));
}

function checkBlock(expected: Fields): void {
  const { full_hex, header_hex, transactions_hex, status_fail, ...rest } = expected;
  const block = parseBlock(text(full_hex, "full_hex"), vapor);
  const ids = block.transactions.map(transactionId);
  equal(formatBlock(block), full_hex, "full_hex");
  equal(formatBlockHeader(block.header), header_hex, "header_hex");
  equal(encodeTransactions(block.transactions), transactions_hex, "transactions_hex");
  const bare = decodeTransactions(fromHex(text(transactions_hex, "transactions_hex")), vapor);
  equal(bare.map(transactionId), ids, "ids of bare transactions");
  const statuses = list(status_fail, "status_fail").map((status) => flag(status, "status"));
  const ours = {
    hash: blockHash(block.header),
    tx_ids: ids,
    transaction_merkle_root: transactionMerkleRoot(ids),
    transaction_status_hash: statusMerkleRoot(statuses),
  };
  compareFields(ours, rest, "block");
}

function describeHeader(header: BlockHeader): Fields {
  return {
    version: header.version,
    height: header.height,
    previous_block_hash: header.previousBlockHash,
    timestamp: header.timestamp,
    transaction_merkle_root: header.transactionMerkleRoot,
    transaction_status_hash: header.transactionStatusHash,
    hash: blockHash(header),
    witness: header.seal.type === "witnesses" ? header.seal.witnesses : undefined,
  };
}
