import { readFileSync, writeSync } from "node:fs";
import { type Block, bytom, decodeBlock, fromHex, toHex } from "@bystack/butxo";
import { openLevel } from "@bystack/storage/level";
import { ChainError, createBlockTemplate, createMempool } from "../src/index.ts";
import { openTunedChain } from "../src/open-chain.ts";
import { engine, lateClock, params, TRUE } from "./kit.ts";

/**
 * Takes the steps of a file into the chain at a path, until it is killed. Says where it is: `at` an
 * activity before it, `tip` after each move that is announced, `end` when all is done.
 *
 * A line of the file is a step: its activity, then the blocks of it as `hash:hex`.
 */
const [, , path = "", file = ""] = process.argv;

/** Nothing that was said is lost with the process. */
const say = (line: string) => writeSync(1, `${line}\n`);

const steps = readFileSync(file, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => {
    const [activity = "", ...blocks] = line.split(" ");
    return { activity, blocks: blocks.map((text) => text.split(":")) };
  });

// Segments so small that they come and go too.
const chain = await openTunedChain(
  { params, engine, storage: await openLevel(path), clock: lateClock },
  { segmentBlocks: 16 },
);
const mempool = createMempool({ chain, clock: lateClock, conflicts: "accept" });
chain.onTip(({ tip }) => say(`tip ${toHex(tip.hash)}`));
say(`tip ${toHex(chain.tip.hash)}`);

function isKnown([hash = ""]: string[]): boolean {
  return chain.nodeByHash(fromHex(hash)) !== undefined;
}

const blockOf = ([, hex = ""]: string[]): Block => decodeBlock(fromHex(hex), bytom);

async function* each(blocks: readonly Block[]) {
  for (const block of blocks) yield block;
}

async function submit({ transactions }: Block): Promise<void> {
  for (const transaction of transactions.slice(1)) {
    try {
      await mempool.submit(transaction);
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
    }
  }
}

const template = () =>
  createBlockTemplate({
    params,
    engine,
    mempool,
    clock: lateClock,
    runProgram: chain.signatures.readingRunner(),
    program: TRUE,
  });

for (const { activity, blocks } of steps) {
  if (blocks.every(isKnown)) continue;
  const decoded = blocks.map(blockOf);
  say(`at ${activity}`);
  if (activity === "mempool") {
    // What the blocks will bring, and a template of it while they come.
    await Promise.all(decoded.map(submit));
    await Promise.all([template(), ...decoded.map((block) => chain.processBlock(block))]);
    await template();
  } else if (activity === "import") {
    await chain.processBlocks(each(decoded), { commitGroup: 4 });
  } else {
    for (const block of decoded) await chain.processBlock(block);
  }
}
say("end");
await chain.close();
