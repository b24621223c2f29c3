import {
  type Block,
  btmAssetId,
  createTransaction,
  statusMerkleRoot,
  toHex,
  transactionId,
  transactionMerkleRoot,
} from "@bystack/butxo";
import { type Chain, nextBitsOf } from "@bystack/chain";
import { equal, type Fields, ifPresent, integer, list, object, text } from "../check.ts";
import type { Handler } from "../runner.ts";
import { memoryChain, playSteps, unminedWork } from "./chain-driver.ts";

const REWARD = 41_250_000_000n;

/** Two branches of different difficulty after a retarget; the base chain is given by its times. */
export const chainWork: Handler = async (file, context) => {
  const { genesis, base, steps } = object(file, "file");
  const chain = await memoryChain(unminedWork(), text(genesis, "genesis"));
  await context.check("base", async () => {
    for (const item of list(base, "base")) await extend(chain, object(item, "base"));
  });
  await playSteps(chain, steps, context);
};

async function extend(chain: Chain, fields: Fields): Promise<void> {
  await chain.processBlock(coinbaseBlock(chain, integer(fields["t"], "t")));
  ifPresent(fields, "hash", (hash) => equal(toHex(chain.tip.hash), hash, "hash"));
}

/** The block that the file's note describes. */
function coinbaseBlock({ tip, params }: Chain, timestamp: bigint): Block {
  const height = tip.height + 1n;
  const transaction = createTransaction(
    {
      inputs: [
        {
          type: "coinbase",
          arbitrary: Uint8Array.from(`\0${height}`, (c) => c.charCodeAt(0)),
        },
      ],
      outputs: [
        {
          type: "output",
          assetId: btmAssetId(),
          amount: REWARD,
          controlProgram: Uint8Array.of(0x51),
        },
      ],
    },
    params.dialect,
  );
  return {
    header: {
      dialect: params.dialect,
      version: 1n,
      height,
      previousBlockHash: tip.hash,
      timestamp,
      transactionMerkleRoot: transactionMerkleRoot([transactionId(transaction)]),
      transactionStatusHash: statusMerkleRoot([false]),
      seal: { type: "proof-of-work", nonce: 0n, bits: nextBitsOf(tip) },
    },
    transactions: [transaction],
  };
}
