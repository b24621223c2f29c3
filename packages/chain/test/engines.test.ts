import { type BlockHeader, blockHash, bytomSolonet, genesisBlock } from "@bystack/butxo";
import { it } from "vitest";
import { runEngineConformance } from "../src/conformance/index.ts";
import { proofOfWorkEngine, soloEngine } from "../src/index.ts";

runEngineConformance(
  { it },
  {
    engine: soloEngine(),
    params: bytomSolonet,
    genesis: genesisBlock(bytomSolonet),
    seal: async (header) => header,
  },
);

/** A proof of work that two block hashes on average meet; Tensority is a matter of its package. */
const meets = (headerHash: Uint8Array): boolean => (headerHash[0] ?? 0) < 128;

function search(header: BlockHeader, isWanted: (hash: Uint8Array) => boolean): BlockHeader {
  if (header.seal.type !== "proof-of-work") throw new Error("another seal");
  for (let nonce = 0n; ; nonce++) {
    const tried = { ...header, seal: { ...header.seal, nonce } };
    if (isWanted(blockHash(tried))) return tried;
  }
}

runEngineConformance(
  { it },
  {
    engine: proofOfWorkEngine({ verifyWork: async ({ headerHash }) => meets(headerHash) }),
    params: bytomSolonet,
    genesis: genesisBlock(bytomSolonet),
    seal: async (header) => search(header, meets),
    breakSeal: async (header) => search(header, (hash) => !meets(hash)),
  },
);
