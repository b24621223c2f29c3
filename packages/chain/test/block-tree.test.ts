import { type BlockHeader, bytom, equalBytes, toHex } from "@bystack/butxo";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ancestorAt, type BlockNode, createNode, type TipChange } from "../src/index.ts";
import { BlockTree } from "../src/tree/block-tree.ts";
import { blocksOf, engine, extendMany, genesisBranch, soloChain } from "./kit.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const seal = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("proof-of-work" as const), nonce: u64, bits: u64 }),
  },
  fc.record({
    type: fc.constant("witnesses" as const),
    witnesses: fc.array(bytes32, { maxLength: 3 }),
  }),
);
/** A block on top of one of those before it. */
const growth = fc.record({
  hash: bytes32,
  back: fc.nat(4),
  version: fc.constantFrom(1n, 1n, 1n, 2n),
  timestamp: fc.oneof(u64, fc.constant(2n ** 70n)),
  root: bytes32,
  status: bytes32,
  seal,
  weight: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 70n }), fc.constant(2n ** 200n)),
});

function headerOn(parent: BlockNode | undefined, step: Partial<BlockHeader>): BlockHeader {
  return {
    dialect: bytom,
    version: 1n,
    height: parent === undefined ? 0n : parent.height + 1n,
    previousBlockHash: parent?.hash ?? new Uint8Array(32),
    timestamp: 1n,
    transactionMerkleRoot: new Uint8Array(32),
    transactionStatusHash: new Uint8Array(32),
    seal: { type: "proof-of-work", nonce: 0n, bits: 1n },
    ...step,
  };
}

/** Plain objects as they go in, a tree of the same. */
function grow(steps: readonly (typeof growth extends fc.Arbitrary<infer T> ? T : never)[]) {
  const root = createNode(
    { hash: new Uint8Array(32), header: headerOn(undefined, {}), parent: undefined },
    1n,
  );
  const tree = new BlockTree();
  tree.add(root);
  const plain = [root];
  for (const { hash, back, root: transactionMerkleRoot, status, weight, ...step } of steps) {
    const parent = plain.at(-1 - (back % plain.length)) ?? root;
    const header = headerOn(parent, {
      ...step,
      transactionMerkleRoot,
      transactionStatusHash: status,
    });
    const node = createNode({ hash, header, parent }, weight);
    plain.push(node);
    tree.add(node);
  }
  return { root, tree, plain };
}

const steps = fc.uniqueArray(growth, {
  maxLength: 40,
  comparator: (a, b) => equalBytes(a.hash, b.hash) || a.hash.every((byte) => byte === 0),
});

function pathOf(node: BlockNode): BlockNode[] {
  const path: BlockNode[] = [];
  for (let at: BlockNode | undefined = node; at !== undefined; at = at.parent) path.unshift(at);
  return path;
}

describe("BlockTree", () => {
  it("gives back what went in, whatever the header", () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { tree, plain } = grow(taken);
        expect(tree.size).toBe(plain.length);
        for (const { hash, header, height, weight, parent } of plain) {
          const node = tree.get(hash);
          expect(node).toMatchObject({ hash, header, height, weight });
          expect(node?.parent).toBe(parent && tree.get(parent.hash));
        }
        expect(tree.get(new Uint8Array(32).fill(255))).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it("follows the best chain as a list of objects would", () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(), { maxLength: 8 }), (taken, tips) => {
        const { tree, plain, root } = grow(taken);
        for (const pick of [0, ...tips]) {
          const tip = plain[pick % plain.length] ?? root;
          tree.setTip(tip);
          const path = pathOf(tip);
          expect(tree.tip.hash).toEqual(tip.hash);
          for (const [height, { hash }] of path.entries())
            expect(tree.at(BigInt(height))?.hash).toEqual(hash);
          expect(tree.at(BigInt(path.length))).toBeUndefined();
          for (const node of plain) {
            expect(tree.isOnBestChain(node)).toBe(path.includes(node));
            const own = tree.get(node.hash) ?? root;
            for (const ancestor of pathOf(node))
              expect(ancestorAt(own, ancestor.height)).toBe(tree.get(ancestor.hash));
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it("refuses a block without its parent, and looks no higher than a node", () => {
    const { tree, root } = grow([]);
    const stranger = createNode(
      { hash: new Uint8Array(32).fill(9), header: headerOn(root, {}), parent: root },
      1n,
    );
    const child = createNode(
      { hash: new Uint8Array(32).fill(8), header: headerOn(stranger, {}), parent: stranger },
      1n,
    );
    expect(() => tree.add(child)).toThrow(RangeError);
    expect(() => ancestorAt(root, 1n)).toThrow(RangeError);
    expect(() => ancestorAt(tree.get(root.hash) ?? root, -1n)).toThrow(RangeError);
  });

  it("finds each of many blocks by its hash and by its height", () => {
    const { tree, root } = grow([]);
    let tip = tree.get(root.hash) ?? root;
    const hashes: Uint8Array[] = [];
    for (let i = 0; i < 10_000; i++) {
      const hash = new Uint8Array(32);
      // Several of each prefix, so that the table has to probe.
      new DataView(hash.buffer).setUint32(0, Math.imul(i >> 3, 0x9e3779b1));
      new DataView(hash.buffer).setUint32(28, i + 1);
      hashes.push(hash);
      tip = tree.add(
        createNode({ hash, header: headerOn(tip, { timestamp: BigInt(i) }), parent: tip }, 1n),
      );
    }
    tree.setTip(tip);
    const wrong = hashes.filter(
      (hash, i) =>
        tree.get(hash)?.height !== BigInt(i + 1) ||
        tree.at(BigInt(i + 1))?.header.timestamp !== BigInt(i),
    );
    expect(wrong).toEqual([]);
    expect(tree.tip.weight).toBe(10_001n);
  });
});

it("holds no objects of the blocks behind an import", async () => {
  const branches = extendMany(genesisBranch(), 120);
  let deepest = 0;
  const own = new Set<BlockNode>();
  const chain = await soloChain({
    engine: {
      ...engine,
      async verifySeal({ parent }) {
        let depth = 0;
        for (
          let at: BlockNode | undefined = parent;
          at && Object.hasOwn(at, "parent");
          at = at.parent
        )
          depth++;
        deepest = Math.max(deepest, depth);
        own.add(parent);
      },
    },
  });
  await chain.processBlocks(blocksOf(branches), { lookAhead: 8, commitGroup: 4 });
  expect(chain.tip.height).toBe(120n);
  expect(own.size).toBe(120);
  expect(deepest).toBeLessThanOrEqual(16);
});

it("reorganizes deeper than nodes are kept at hand", async () => {
  const root = genesisBranch();
  const left = extendMany(root, 300, "left");
  const right = extendMany(root, 301, "right");
  const chain = await soloChain({}, { segmentBlocks: 16 });
  const changes: TipChange[] = [];
  await chain.processBlocks(blocksOf(left));
  chain.onTip((change) => changes.push(change));
  await chain.processBlocks(blocksOf(right));
  const [change] = changes;
  expect(changes.length).toBe(1);
  const hashes = (nodes: readonly BlockNode[]) => nodes.map(({ hash }) => toHex(hash));
  expect(hashes(change?.detached ?? [])).toEqual(hashes(left.map(({ node }) => node).toReversed()));
  expect(hashes(change?.attached ?? [])).toEqual(hashes(right.map(({ node }) => node)));
  const alone = await soloChain();
  await alone.processBlocks(blocksOf(right));
  expect(await chain.utxoDigest()).toEqual(await alone.utxoDigest());
});
