import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@bystack/butxo";
import { openMemory, type StorageEngine, StorageError } from "@bystack/storage";
import { afterAll, describe, expect, it } from "vitest";
import { exportBlocks, importBlocks, openChainFile } from "../src/index.ts";
import { memoryChain } from "./memory-chain.ts";
import { jsonLines, recordedBlocks } from "./recording.ts";

const folder = mkdtempSync(join(tmpdir(), "bystack-node-"));
afterAll(() => rmSync(folder, { recursive: true }));

const blocks = recordedBlocks(40);
let files = 0;

function write(content: string): string {
  const path = join(folder, `chain-${files++}.json`);
  writeFileSync(path, content);
  return path;
}

async function importFile(content: string, chain?: Awaited<ReturnType<typeof memoryChain>>) {
  const target = chain ?? (await memoryChain());
  return { chain: target, ...(await importBlocks(target, await openChainFile(write(content)))) };
}

describe("importBlocks", () => {
  it("takes JSON lines and recordings to the same state", async () => {
    const lines = await importFile(jsonLines(blocks));
    const recording = await importFile(JSON.stringify({ network: "solonet", blocks }));
    expect(lines.imported).toBe(39);
    expect(recording.imported).toBe(39);
    expect(await lines.chain.utxoDigest()).toEqual(await recording.chain.utxoDigest());
    expect(toHex(lines.chain.tip.hash)).toBe(blocks[39]?.hash);
  });

  it("skips what the chain has and goes on after it", async () => {
    const { chain } = await importFile(jsonLines(blocks.slice(0, 10)));
    expect(await importFile(jsonLines(blocks), chain)).toMatchObject({
      imported: 30,
      isComplete: true,
    });
    expect((await importFile(jsonLines(blocks), chain)).imported).toBe(0);
  });

  it("stops when it is told to, after the group of blocks that it is writing", async () => {
    const chain = await memoryChain();
    const controller = new AbortController();
    chain.onTip(({ tip }) => tip.height === 7n && controller.abort());
    const file = await openChainFile(write(jsonLines(blocks)));
    expect(await importBlocks(chain, file, controller.signal)).toEqual({
      imported: 16,
      isComplete: false,
    });
  });

  it.each([
    ["a line that is not JSON", (lines: string[]) => lines.with(5, "{oops"), /line 6 is not JSON/],
    [
      "a line that is no text",
      (lines: string[]) => lines.with(5, "17"),
      /line 6 is not a JSON str/,
    ],
    ["a line that is no hex", (lines: string[]) => lines.with(5, '"xyz"'), /line 6 is not a block/],
    [
      "a block that is cut off",
      (lines: string[]) => lines.with(5, `${lines[5]?.slice(0, 60)}"`),
      /line 6 is not a block/,
    ],
    [
      "a file that ends inside a line",
      (lines: string[]) => [...lines.slice(0, 5), lines[5]?.slice(0, 60) ?? ""],
      /line 6 is not JSON/,
    ],
  ])("names %s and keeps the blocks before it", async (_, damage, message) => {
    const chain = await memoryChain();
    const lines = jsonLines(blocks).trimEnd().split("\n");
    const file = await openChainFile(write(damage(lines).join("\n")));
    await expect(importBlocks(chain, file)).rejects.toThrow(message);
    await expect(importBlocks(chain, file)).rejects.toMatchObject({ code: "bad-chain-file" });
    expect(chain.tip.height).toBeLessThanOrEqual(4n);
  });

  it("names the block that breaks a rule, and the rule", async () => {
    const raw = blocks[5]?.raw ?? "";
    const changed = raw.replace(/^0301(..)/, "0302$1");
    const chain = await memoryChain();
    const damaged = blocks.with(5, { ...blocks[5], raw: changed } as (typeof blocks)[number]);
    const file = await openChainFile(write(jsonLines(damaged)));
    await expect(importBlocks(chain, file)).rejects.toMatchObject({
      code: "bad-block",
      message: expect.stringMatching(/line 6, is not a valid block.*version regression/),
    });
    expect(chain.tip.height).toBe(4n);
  });

  it("refuses a chain of another network", async () => {
    const raw = blocks[0]?.raw.replace("e8b287d905", "e8b287d906") ?? "";
    await expect(importFile(`${JSON.stringify(raw)}\n`)).rejects.toThrow(/of another network/);
  });

  it("refuses a recording whose result is another one", async () => {
    const last = { ...blocks[39], utxo_digest: "00".repeat(32) } as (typeof blocks)[number];
    const recording = JSON.stringify({ network: "solonet", blocks: blocks.with(39, last) });
    await expect(importFile(recording)).rejects.toMatchObject({ code: "unexpected-tip" });
    const wrongHash = { ...blocks[39], hash: "00".repeat(32) } as (typeof blocks)[number];
    await expect(
      importFile(JSON.stringify({ network: "solonet", blocks: blocks.with(39, wrongHash) })),
    ).rejects.toMatchObject({ code: "unexpected-tip" });
  });

  it("keeps what is written when the disk is full, and goes on later", async () => {
    const storage = await openMemory();
    // The genesis block, then one group of sixteen blocks.
    let left = 2;
    const full: StorageEngine = {
      capabilities: storage.capabilities,
      open: () => storage.open(),
      close: () => storage.close(),
      get: (key) => storage.get(key),
      getMany: (keys) => storage.getMany(keys),
      iterate: (range) => storage.iterate(range),
      snapshot: () => storage.snapshot(),
      batch: (operations, options) =>
        left-- > 0
          ? storage.batch(operations, options)
          : Promise.reject(new StorageError("store-full")),
    };
    const chain = await memoryChain(full);
    const file = await openChainFile(write(jsonLines(blocks)));
    await expect(importBlocks(chain, file)).rejects.toMatchObject({ code: "disk-full" });
    const { height } = chain.tip;
    left = Number.POSITIVE_INFINITY;
    await importBlocks(chain, file);
    expect(height).toBe(16n);
    expect(chain.tip.height).toBe(39n);
  });
});

describe("openChainFile", () => {
  it("says what is wrong with a file that cannot be read", async () => {
    await expect(openChainFile(join(folder, "missing"))).rejects.toMatchObject({
      code: "bad-chain-file",
    });
    await expect(openChainFile(write('{"blocks":[]}'))).rejects.toThrow(/damaged/);
    await expect(openChainFile(write("{"))).rejects.toThrow(/is not JSON/);
  });
});

describe("exportBlocks", () => {
  it("writes what can be imported again", async () => {
    const { chain } = await importFile(jsonLines(blocks));
    const path = join(folder, "export.jsonl");
    expect(await exportBlocks(chain, path)).toBe(40);
    expect(readFileSync(path, "utf8")).toBe(jsonLines(blocks));
  });

  it("completes a file, also one that ends inside a line", async () => {
    const { chain } = await importFile(jsonLines(blocks));
    const path = write(jsonLines(blocks.slice(0, 13)));
    appendFileSync(path, jsonLines(blocks.slice(13, 14)).slice(0, 99));
    expect(await exportBlocks(chain, path)).toBe(40);
    expect(readFileSync(path, "utf8")).toBe(jsonLines(blocks));
  });

  it("does not touch a file of something else", async () => {
    const { chain } = await importFile(jsonLines(blocks));
    const path = write("a letter\n");
    await expect(exportBlocks(chain, path)).rejects.toMatchObject({ code: "cannot-write" });
    expect(readFileSync(path, "utf8")).toBe("a letter\n");
  });
});
