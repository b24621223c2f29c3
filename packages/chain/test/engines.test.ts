import { type BlockHeader, blockHash, bytomSolonet, genesisBlock } from "@bystack/butxo";
import { expect, it } from "vitest";
import { runEngineConformance } from "../src/conformance/index.ts";
import { type ConsensusEngine, proofOfWorkEngine, soloEngine } from "../src/index.ts";
import { extendMany, feed, genesisBranch, last, soloChain } from "./kit.ts";

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

/** Blocks that are final at once, and such as are when two lie above them. */
const finalAt: readonly { readonly name: string; readonly depth: bigint }[] = [
  { name: "instant", depth: 0n },
  { name: "after-two", depth: 2n },
];
const finalEngine = ({ name, depth }: (typeof finalAt)[number]): ConsensusEngine => ({
  ...soloEngine(),
  name,
  irreversibleHeight: ({ height }) => (height > depth ? height - depth : 0n),
});

for (const kind of finalAt)
  runEngineConformance(
    { it },
    {
      engine: finalEngine(kind),
      params: bytomSolonet,
      genesis: genesisBlock(bytomSolonet),
      seal: async (header) => header,
    },
  );

it("leaves no final block for a longer branch, but any other", async () => {
  const left = extendMany(genesisBranch(), 5, "left");
  const branching = (height: number) => extendMany(left[height - 1] ?? genesisBranch(), 9, "right");
  const chainAt = async (kind: (typeof finalAt)[number]) => {
    const chain = await soloChain({ engine: finalEngine(kind) });
    await feed(chain, left);
    return chain;
  };
  for (const kind of finalAt) {
    const chain = await chainAt(kind);
    const { irreversibleHeight } = chain;
    expect(irreversibleHeight).toBe(5n - kind.depth);
    for (let height = 0; height <= 5; height++) {
      const another = await chainAt(kind);
      const right = branching(height);
      await feed(another, right);
      const wins = BigInt(height) >= irreversibleHeight;
      expect(another.tip.hash).toEqual(last(wins ? right : left).node.hash);
      // The loser is kept as any other branch.
      expect(another.nodeByHash(last(right).node.hash)).toBeDefined();
      for (const { node } of left)
        expect(another.isFinal(node)).toBe(
          node.height <= another.irreversibleHeight && node.height <= (wins ? height : 5),
        );
      const orphaned = await chainAt(kind);
      await feed(orphaned, right.toReversed());
      expect(orphaned.tip.hash).toEqual(another.tip.hash);
    }
  }
});
