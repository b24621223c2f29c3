import { bytomSolonet, decodeBlock, toHex, transactionId } from "@bystack/butxo";
import { type Chain, nextSeedOf } from "@bystack/chain";
import { bytes, count, equal, type Fields, ifPresent, integer, list, object } from "../check.ts";
import type { Handler } from "../runner.ts";
import { compareFinalUtxos, compareUtxos, memoryChain, realProofOfWork } from "./chain-driver.ts";

/** A mined chain from its genesis block on, with the state after each block. */
export const chainSolonet: Handler = async (file, { check }) => {
  const { blocks, final_utxos, network } = object(file, "file");
  const chain = await memoryChain(realProofOfWork());
  if (network !== undefined) equal(network, chain.params.chainId, "network");
  for (const item of list(blocks, "blocks")) {
    const expected = object(item, "block");
    await check(`block ${expected["height"]}`, () => playBlock(chain, expected));
  }
  if (final_utxos !== undefined)
    await check("final_utxos", () => compareFinalUtxos(chain, final_utxos));
};

/** Feeds all blocks of a recorded chain, without comparing anything. */
export async function feedChain(chain: Chain, file: unknown): Promise<void> {
  for (const item of list(object(file, "chain")["blocks"], "blocks"))
    await chain.processBlock(rawBlock(object(item, "block")));
}

async function playBlock(chain: Chain, expected: Fields): Promise<void> {
  const block = rawBlock(expected);
  await chain.processBlock(block);
  const { tip } = chain;
  ifPresent(expected, "hash", (hash) => equal(toHex(tip.hash), hash, "hash"));
  ifPresent(expected, "height", (height) => equal(tip.height, integer(height, "height"), "height"));
  ifPresent(expected, "work_sum", (sum) => equal(tip.weight, integer(sum, "work_sum"), "work_sum"));
  const { parent } = tip;
  if (parent !== undefined)
    ifPresent(expected, "seed", (seed) => equal(toHex(nextSeedOf(parent)), seed, "seed"));
  ifPresent(expected, "tx_ids", (ids) =>
    equal(block.transactions.map(transactionId), ids, "tx_ids"),
  );
  const stored = await chain.block(tip.hash);
  const failed = stored?.statusFailed.flatMap((isFailed, i) => (isFailed ? [i] : []));
  ifPresent(expected, "status_fail_indexes", (indexes) =>
    equal(
      failed,
      (indexes === null ? [] : list(indexes, "status_fail_indexes")).map((i) => count(i, "index")),
      "status_fail_indexes",
    ),
  );
  await compareUtxos(chain, expected);
}

function rawBlock(expected: Fields): ReturnType<typeof decodeBlock> {
  return decodeBlock(bytes(expected["raw"], "raw"), bytomSolonet.dialect);
}
