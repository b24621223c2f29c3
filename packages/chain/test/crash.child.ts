import { readFileSync } from "node:fs";
import { bytom, decodeBlock, fromHex, toHex } from "@bystack/butxo";
import { openLevel } from "@bystack/storage/level";
import { ChainError, createBlockTemplate, createMempool, openChain } from "../src/index.ts";
import { engine, lateClock, params, TRUE } from "./kit.ts";

/**
 * Takes the blocks of a file into the chain at a path, in groups and one by one by turns, with a
 * mempool that is busy meanwhile, and says each tip that was announced: until it is killed.
 */
const [, , path = "", file = "", turn = "0"] = process.argv;

const storage = await openLevel(path);
const chain = await openChain({ params, engine, storage, clock: lateClock });
const mempool = createMempool({ chain, clock: lateClock, conflicts: "accept" });
chain.onTip(({ tip }) => process.stdout.write(`tip ${toHex(tip.hash)}\n`));
process.stdout.write(`tip ${toHex(chain.tip.hash)}\n`);

const blocks = readFileSync(file, "utf8")
  .trimEnd()
  .split("\n")
  .map((hex) => decodeBlock(fromHex(hex), bytom));

async function* slice(from: number, to: number) {
  for (const block of blocks.slice(from, to)) yield block;
}

for (let at = 0; at < blocks.length; ) {
  const grouped = (at + Number(turn)) % 3 !== 0;
  const next = Math.min(blocks.length, at + (grouped ? 9 : 2));
  for (const transaction of blocks[next]?.transactions.slice(1) ?? []) {
    try {
      await mempool.submit(transaction);
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
    }
  }
  const work = grouped
    ? chain.processBlocks(slice(at, next), { commitGroup: 4 })
    : Promise.all(blocks.slice(at, next).map((block) => chain.processBlock(block)));
  await Promise.all([
    work,
    createBlockTemplate({
      params,
      engine,
      mempool,
      clock: lateClock,
      runProgram: chain.signatures.readingRunner(),
      program: TRUE,
    }),
  ]);
  at = next;
}
process.stdout.write("end\n");
await chain.close();
