import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Block, blockHash, type Transaction, toHex } from "@bystack/butxo";
import { openLevel } from "@bystack/storage/level";
import { expect, it } from "vitest";
import { assembleBlock, type BlockNode, checkStore, createNode } from "../src/index.ts";
import {
  type Coin,
  coinsOf,
  engine,
  FEE,
  genesisBranch,
  params,
  soloChain,
  split,
  TRUE,
} from "./kit.ts";

/** `CHAIN_LONG_RUN=20000` for the long version, which prints what it measures. */
const BLOCKS = Number(process.env["CHAIN_LONG_RUN"] ?? 200);
const PER_BLOCK = 5;

/** Blocks of five transactions each, made as they are asked for. */
async function* generated(onBlock: (block: Block) => void): AsyncGenerator<Block> {
  let tip: BlockNode = genesisBranch().node;
  const young: Coin[] = [];
  let coins: Coin[] = [];
  for (let made = 0; made < BLOCKS; made++) {
    const transactions: Transaction[] = [];
    while (transactions.length < PER_BLOCK && coins.length > 0) {
      const taken = coins.splice(0, 2);
      const transaction = split(taken, 2);
      transactions.push(transaction);
      coins.push(...coinsOf(transaction));
    }
    coins = coins.filter(({ amount }) => amount > 100n * FEE).slice(0, 64);
    const block = assembleBlock({
      params,
      engine,
      parent: tip,
      timestampSeconds: tip.header.timestamp + 1n,
      program: TRUE,
      transactions: transactions.map((transaction) => ({ transaction, statusFailed: false })),
      fees: FEE * BigInt(transactions.length),
    });
    tip = createNode({ header: block.header, hash: blockHash(block.header), parent: tip }, 1n);
    const [reward] = block.transactions;
    if (reward !== undefined) young.push(...coinsOf(reward));
    if (young.length > Number(params.coinbaseMaturity)) coins.push(...young.splice(0, 1));
    onBlock(block);
    yield block;
  }
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
  return (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
}

it(`takes ${BLOCKS} blocks through LevelDB and opens again`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "bystack-long-"));
  const figures: string[] = [];
  let transactions = 0;
  let blocks = 0;
  const note = (block: Block) => {
    transactions += block.transactions.length - 1;
    if (++blocks % Math.ceil(BLOCKS / 10) === 0)
      figures.push(`${blocks} blocks: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`);
  };
  const cpu = process.cpuUsage();
  const chain = await soloChain({ storage: await openLevel(folder) });
  expect(await chain.processBlocks(generated(note))).toBe(BLOCKS);
  const { user, system } = process.cpuUsage(cpu);
  const tip = toHex(chain.tip.hash);
  const { digest } = await chain.utxoDigest();
  await chain.close();
  const openedAt = performance.now();
  const again = await soloChain({ storage: await openLevel(folder) });
  const openMs = performance.now() - openedAt;
  expect(toHex(again.tip.hash)).toBe(tip);
  expect(await again.utxoDigest()).toMatchObject({ digest });
  await again.close();
  const storage = await openLevel(folder);
  expect(await checkStore({ storage, params })).toEqual([]);
  await storage.close();
  if (BLOCKS > 1000)
    console.log(
      `${transactions} transactions, ${Math.round((user + system) / 1e6)} s CPU with making them`,
      `\n${figures.join("\n")}`,
      `\n${Math.round((await sizeOf(folder)) / 2 ** 20)} MiB on disk, opened in ${Math.round(openMs)} ms`,
    );
  await rm(folder, { recursive: true });
}, 1_800_000);
