import { type Block, type BlockHeader, blockHash, equalBytes, toHex } from "@bystack/butxo";
import { openMemory } from "@bystack/storage";
import type { Chain } from "../chain.ts";
import type { HeaderCandidate } from "../engine.ts";
import { medianTimeOf } from "../engines/header-rules.ts";
import { ChainError } from "../error.ts";
import { openChain } from "../open-chain.ts";
import { assembleBlock } from "../template/block-template.ts";
import { ancestorAt } from "../tree/ancestry.ts";
import { type BlockNode, createNode } from "../tree/block-node.ts";
import type { EngineFactory, EngineHarness } from "./harness.ts";

/** Anybody may spend what it locks. */
const OPEN_PROGRAM = /* @__PURE__ */ Uint8Array.of(0x51);
const HOUR_MS = 3_600_000;

/**
 * The suite that every consensus engine must pass: what the chain relies on, whatever the engine.
 *
 * @see spec 90-bbft, section 17 "Engine interface of the node"
 *
 * @example
 * runEngineConformance({ it }, {
 *   engine: soloEngine(),
 *   params: bytomSolonet,
 *   genesis: genesisBlock(bytomSolonet),
 *   seal: async (header) => header,
 * });
 */
export function runEngineConformance(harness: EngineHarness, factory: EngineFactory): void {
  const { engine, genesis, params } = factory;
  const root = nodeOf(genesis.header, undefined);
  const test = (title: string, body: () => Promise<void>) =>
    harness.it(`${engine.name}: ${title}`, body);

  function nodeOf(header: BlockHeader, parent: BlockNode | undefined): BlockNode {
    return createNode({ header, hash: blockHash(header), parent }, engine.weight(header));
  }
  async function childOf(
    parent: BlockNode,
    extra = "",
  ): Promise<{ block: Block; node: BlockNode }> {
    const { header, transactions } = assembleBlock({
      params,
      engine,
      parent,
      timestampSeconds: medianTimeOf(parent) + 1n,
      program: OPEN_PROGRAM,
      extra: Uint8Array.from(extra, (c) => c.charCodeAt(0)),
      transactions: [],
      fees: 0n,
    });
    const sealed = await factory.seal(header, parent);
    return { block: { header: sealed, transactions }, node: nodeOf(sealed, parent) };
  }
  async function grow(parent: BlockNode, count: number, extra = "") {
    const grown = [];
    for (let at = parent; grown.length < count; ) {
      const next = await childOf(at, extra);
      grown.push(next);
      at = next.node;
    }
    return grown;
  }
  const laterThan = ({ header }: BlockNode) => Number(header.timestamp) * 1000 + HOUR_MS;
  const verify = ({ header, hash, parent }: BlockNode) => {
    if (parent === undefined) throw new Error("the genesis block is never verified");
    engine.verifyHeader({ header, hash, parent }, laterThan(parent));
    return engine.verifySeal({ header, hash, parent });
  };

  test("has a name in kebab-case", async () => {
    assert(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(engine.name), engine.name);
  });

  test("accepts what it seals, block after block", async () => {
    for (const { node } of await grow(root, 12)) await verify(node);
  });

  test("gives no negative weight, and the same each time", async () => {
    for (const { node } of await grow(root, 3)) {
      const weight = engine.weight(node.header);
      assert(weight >= 0n && weight === engine.weight(node.header), `weight ${weight}`);
    }
  });

  test("refuses another height, parent or version, and times that are too early or late", async () => {
    const [first, second] = await grow(root, 2);
    if (first === undefined || second === undefined) throw new Error("not grown");
    const { header } = second.node;
    const broken: Partial<BlockHeader>[] = [
      { height: header.height + 1n },
      { height: header.height - 1n },
      { previousBlockHash: root.hash },
      { version: 2n },
      { timestamp: medianTimeOf(first.node) },
      { timestamp: header.timestamp + 1_000_000n },
    ];
    for (const change of broken) {
      const changed = { ...header, ...change };
      const candidate = { header: changed, hash: blockHash(changed), parent: first.node };
      refuses(() => engine.verifyHeader(candidate, laterThan(first.node)), Object.keys(change)[0]);
    }
  });

  if (factory.breakSeal !== undefined) {
    const { breakSeal } = factory;
    test("refuses a broken seal", async () => {
      const { node } = await childOf(root);
      const header = await breakSeal(node.header, root);
      const verdict = engine.verifySeal({ header, hash: blockHash(header), parent: root });
      const error = await verdict.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert(error instanceof ChainError, "a broken seal was accepted");
    });
  }

  test("gives the same verdict on a seal in any order and many at once", async () => {
    const nodes = (await grow(root, 6)).map(({ node }) => node);
    const candidates = nodes.flatMap(({ header, hash, parent }): HeaderCandidate[] =>
      parent === undefined ? [] : [{ header, hash, parent }],
    );
    await Promise.all(candidates.toReversed().map((candidate) => engine.verifySeal(candidate)));
    for (const candidate of candidates) await engine.verifySeal(candidate);
  });

  test("never prefers a block to itself, nor two blocks to each other", async () => {
    const left = (await grow(root, 3, "left")).map(({ node }) => node);
    const right = (await grow(root, 4, "right")).map(({ node }) => node);
    for (const a of [...left, ...right]) {
      assert(!engine.prefers(a, a), "prefers a block to itself");
      for (const b of [...left, ...right])
        assert(!(engine.prefers(a, b) && engine.prefers(b, a)), "prefers two blocks to each other");
    }
  });

  test("makes final only what is there, and never less", async () => {
    let before = 0n;
    for (const { node } of await grow(root, 12)) {
      const height = engine.irreversibleHeight(node);
      assert(height <= node.height, `the block ${height} is final before it is there`);
      assert(height >= before, `the block ${before} was final and is not`);
      before = height;
    }
  });

  test("keeps what is final, however long another branch is", async () => {
    const left = await grow(root, 6, "left");
    const right = await grow(root, 20, "right");
    const clock = { now: () => laterThan(right.at(-1)?.node ?? root) };
    const storage = await openMemory();
    const chain = await openChain({ params, genesis, engine, storage, clock });
    for (const { block } of left) await chain.processBlock(block);
    const final = chain.nodeAt(chain.irreversibleHeight);
    assert(final !== undefined, "what is final is not on the best chain");
    for (const { block } of right) {
      await chain.processBlock(block);
      assert(chain.isFinal(final), `the block ${final.height} was final and is not`);
    }
    await chain.close();
  });

  test("leads a chain over a reorganization and a restart", async () => {
    const storage = await openMemory();
    const left = await grow(root, 3, "left");
    const right = await grow(root, 5, "right");
    const clock = { now: () => laterThan(right.at(-1)?.node ?? root) };
    const open = (): Promise<Chain> => openChain({ params, genesis, engine, storage, clock });
    const chain = await open();
    for (const { block } of [...left, ...right]) {
      const { tip } = chain;
      const hash = blockHash(block.header);
      const final = chain.nodeAt(engine.irreversibleHeight(tip));
      await chain.processBlock(block);
      const node = chain.nodeByHash(hash);
      if (node === undefined) throw new Error("a good block was not kept");
      const wins = node.parent === tip || (engine.prefers(node, tip) && isAncestor(final, node));
      assert(
        equalBytes(chain.tip.hash, wins ? hash : tip.hash),
        "the tip is not the preferred one",
      );
    }
    const { tip } = chain;
    await chain.close();
    await storage.open();
    const again = await open();
    assert(equalBytes(again.tip.hash, tip.hash), `reopened at ${toHex(again.tip.hash)}`);
    assert(again.tip.weight === tip.weight, "reopened with another weight");
  });
}

function isAncestor(ancestor: BlockNode | undefined, node: BlockNode): boolean {
  return (
    ancestor !== undefined &&
    ancestor.height <= node.height &&
    equalBytes(ancestorAt(node, ancestor.height).hash, ancestor.hash)
  );
}

function refuses(action: () => void, what: string | undefined): void {
  try {
    action();
  } catch (error) {
    if (error instanceof ChainError) return;
    throw error;
  }
  throw new Error(`accepted a wrong ${what}`);
}

function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
