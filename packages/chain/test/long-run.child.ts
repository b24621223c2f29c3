/**
 * The long run: blocks of signed transactions through `solo` and LevelDB, with the memory after each
 * quarter, the size on disk, and what it takes a fresh process to open the chain again.
 *
 *     pnpm --filter @bystack/chain run long-run [--blocks 20000] [--folder PATH]
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { toHex } from "@bystack/butxo";
import { openLevel } from "@bystack/storage/level";
import { generatedBlocks } from "./generated-chain.ts";
import { soloChain } from "./kit.ts";

const PER_BLOCK = 5;
const MIB = 2 ** 20;

const { values } = parseArgs({
  options: {
    blocks: { type: "string", default: "20000" },
    folder: { type: "string" },
    // Of the child process: opens the chain that is there.
    open: { type: "boolean", default: false },
  },
});

const mib = (bytes: number) => `${(bytes / MIB).toFixed(1).padStart(6)} MiB`;

/**
 * Resident memory without pages of files, where the system tells. LevelDB maps its tables, and the
 * system takes those pages back when it needs them.
 */
function anonymous(): string {
  const file = "/proc/self/status";
  const status = existsSync(file) ? readFileSync(file, "utf8") : "";
  const [, kib] = /RssAnon:\s+(\d+) kB/.exec(status) ?? [];
  return kib === undefined ? "" : ` (${mib(Number(kib) * 1024)} without mapped files)`;
}

function memory(): string {
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return `rss ${mib(rss)}${anonymous()}, heap ${mib(heapUsed)}, array buffers ${mib(arrayBuffers)}`;
}

function cpuSeconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
  return (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
}

async function run(folder: string, blocks: number): Promise<void> {
  const chain = await soloChain({ storage: await openLevel(folder) });
  const quarter = Math.ceil(blocks / 4);
  const report = (done: number) => console.log(`${String(done).padStart(6)} blocks: ${memory()}`);
  let transactions = 0;
  async function* counted() {
    for await (const block of generatedBlocks(blocks, PER_BLOCK)) {
      transactions += block.transactions.length - 1;
      yield block;
    }
  }
  report(0);
  const from = process.cpuUsage();
  await chain.processBlocks(counted(), {
    onBlock(done) {
      if (done % quarter === 0) report(done);
    },
  });
  console.log(`${transactions} transactions, ${cpuSeconds(from).toFixed(1)} s CPU with signing`);
  const { digest, count } = await chain.utxoDigest();
  console.log(`tip ${toHex(chain.tip.hash)}, ${count} unspent outputs ${toHex(digest)}`);
  await chain.close();
  console.log(`${((await sizeOf(folder)) / MIB).toFixed(1)} MiB on disk`);
}

async function open(folder: string): Promise<void> {
  const storage = await openLevel(folder);
  console.log(`before opening: ${memory()}`);
  const at = performance.now();
  const from = process.cpuUsage();
  const chain = await soloChain({ storage });
  const cpu = cpuSeconds(from);
  const wall = performance.now() - at;
  console.log(`opened in ${Math.round(wall)} ms, ${Math.round(cpu * 1000)} ms CPU: ${memory()}`);
  console.log(`tip ${toHex(chain.tip.hash)}`);
  await chain.close();
}

if (values.open) {
  await open(values.folder ?? "");
} else {
  const folder = values.folder ?? (await mkdtemp(join(tmpdir(), "bystack-long-")));
  await run(folder, Number(values.blocks));
  // The bundle of this very program, in a process of its own.
  const program = fileURLToPath(import.meta.url);
  execFileSync(process.execPath, ["--expose-gc", program, "--open", "--folder", folder], {
    stdio: "inherit",
  });
  if (values.folder === undefined) await rm(folder, { recursive: true });
}
