import { bytomSolonet, decodeBlock, fromHex } from "@bystack/butxo";
import { type Chain, openChain, proofOfWorkEngine } from "@bystack/chain";
import { openMemory, type StorageEngine } from "@bystack/storage";

/** A solonet chain in memory; proof of work is the matter of other tests. */
export async function memoryChain(storage?: StorageEngine): Promise<Chain> {
  return openChain({
    params: bytomSolonet,
    engine: proofOfWorkEngine({ verifyWork: async () => true }),
    storage: storage ?? (await openMemory()),
    clock: Date,
  });
}

/** Processes a block given as hex. */
export async function feed(chain: Chain, hex: string): Promise<void> {
  await chain.processBlock(decodeBlock(fromHex(hex), bytomSolonet.dialect));
}
