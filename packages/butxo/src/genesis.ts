/**
 * The first block of each network.
 *
 * @see spec 10-ledger, section 9 "Networks"; spec 80-vapor, section 1.1 "Genesis"
 */
import { btmAssetId } from "./asset.ts";
import type { Block, Seal } from "./block.ts";
import { fromHex, NONE } from "./bytes.ts";
import { statusMerkleRoot, transactionMerkleRoot } from "./merkle.ts";
import type { BytomNetwork, VaporNetwork } from "./network.ts";
import { blockSubsidy } from "./subsidy.ts";
import type { Transaction } from "./transaction.ts";
import { createTransaction } from "./transaction-codec.ts";
import { transactionId } from "./transaction-id.ts";

const MOTTO = "Information is power. -- Jan/11/2013. Computing is power. -- Apr/24/2018.";
const OWNER_PROGRAM = "00148c9d063ff74ee6d9ffa88d83aeb038068366c4c4";

/**
 * The genesis block. It is never validated: it need not meet its own difficulty.
 *
 * @param network for a side chain with a federation of its own, a copy with another `federationProgram`
 * @throws ButxoError `invalid-hex` when a side chain's `federationProgram` is not hex
 * @example
 * toHex(blockHash(genesisBlock(bytomMainnet).header)); // "a75483474799ea1a…"
 */
export function genesisBlock(network: BytomNetwork | VaporNetwork): Block {
  const transaction = genesisTransaction(network);
  const header = Object.freeze({
    dialect: network.dialect,
    version: 1n,
    height: 0n,
    previousBlockHash: new Uint8Array(32),
    timestamp: network.genesisTimestamp,
    transactionMerkleRoot: transactionMerkleRoot([transactionId(transaction)]),
    transactionStatusHash: statusMerkleRoot([false]),
    seal: genesisSeal(network),
  });
  return Object.freeze({ header, transactions: Object.freeze([transaction]) });
}

function genesisTransaction(network: BytomNetwork | VaporNetwork): Transaction {
  const arbitrary =
    network.type === "bytom"
      ? Uint8Array.from(MOTTO, (character) => character.charCodeAt(0))
      : fromHex(network.federationProgram);
  const amount = blockSubsidy(network, 0n);
  const controlProgram = fromHex(OWNER_PROGRAM);
  return createTransaction(
    {
      inputs: [{ type: "coinbase", arbitrary }],
      outputs: [{ type: "output", assetId: btmAssetId(), amount, controlProgram }],
    },
    network.dialect,
  );
}

function genesisSeal(network: BytomNetwork | VaporNetwork): Seal {
  if (network.type === "vapor") return Object.freeze({ type: "witnesses", witnesses: NONE });
  const { genesisNonce: nonce, genesisBits: bits } = network;
  return Object.freeze({ type: "proof-of-work", nonce, bits });
}
