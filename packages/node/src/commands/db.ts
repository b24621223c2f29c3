import { toHex } from "@bystack/butxo";
import { checkStore, repairStore, type StoreProblem, storeStats } from "@bystack/chain";
import type { StorageEngine } from "@bystack/storage";
import { Command } from "commander";
import { openChainStorage } from "../data-directory.ts";
import { type Writable, writeJson } from "../http/json-writer.ts";
import { createProgress } from "../progress.ts";
import { type ChainCommandOptions, chainOptions, networkOf } from "./options.ts";

interface DbCommandOptions extends ChainCommandOptions {
  readonly json: boolean;
}

/** Exit code of a check that found something. */
const DAMAGED = 3;

/** `bystack db`: looks after the store of a node that is not running. */
export function dbCommand(): Command {
  return new Command("db")
    .description("look into, check and repair the store of a node that is not running")
    .addCommand(storeCommand("stats", "count what the store holds", printStats))
    .addCommand(
      storeCommand(
        "check",
        `read everything and say what is wrong; exit code ${DAMAGED} when something is`,
        (storage, options) => examine(storage, options, checkStore),
      ),
    )
    .addCommand(
      storeCommand(
        "repair",
        "take the chain back to the last sound block; what lies above is imported again",
        (storage, options) => examine(storage, options, repairStore),
      ),
    );
}

function storeCommand(
  name: string,
  description: string,
  work: (storage: StorageEngine, options: DbCommandOptions) => Promise<void>,
): Command {
  const command = new Command(name).description(description);
  for (const option of chainOptions().filter(
    ({ long }) => long === "--network" || long === "--home",
  ))
    command.addOption(option);
  return command.option("--json", "print JSON", false).action(async (options: DbCommandOptions) => {
    const storage = await openChainStorage(options.home, networkOf(options).chainId);
    try {
      await work(storage, options);
    } finally {
      await storage.close();
    }
  });
}

async function printStats(storage: StorageEngine, options: DbCommandOptions): Promise<void> {
  const { tip, network, rows } = await storeStats({ storage, params: networkOf(options) });
  if (options.json) {
    const counts = Object.entries(rows).map(([kind, { count, bytes }]) => [kind, { count, bytes }]);
    const tipJson = tip === undefined ? null : { height: tip.height, hash: toHex(tip.hash) };
    const stats: Writable = {
      network: network ?? null,
      tip: tipJson,
      rows: Object.fromEntries(counts),
    };
    console.log(writeJson(stats));
    return;
  }
  console.log(tip === undefined ? "the store is empty" : `tip ${tip.height} ${toHex(tip.hash)}`);
  for (const [kind, { count, bytes }] of Object.entries(rows))
    console.log(`${kind.padEnd(10)} ${count} rows, ${bytes} bytes`);
}

async function examine(
  storage: StorageEngine,
  options: DbCommandOptions,
  work: typeof checkStore,
): Promise<void> {
  let progress: ReturnType<typeof createProgress> | undefined;
  const problems = await work({
    storage,
    params: networkOf(options),
    onBlock(height, tip) {
      progress ??= createProgress("reading", Number(tip) + 1);
      progress.update(Number(height) + 1);
    },
  }).finally(() => progress?.stop());
  print(problems, options);
  if (problems.length > 0 && work === checkStore) process.exitCode = DAMAGED;
}

function print(problems: readonly StoreProblem[], { json }: DbCommandOptions): void {
  if (json) {
    console.log(
      writeJson(problems.map(({ height, detail }) => ({ height: height ?? null, detail }))),
    );
    return;
  }
  for (const { height, detail } of problems)
    console.log(height === undefined ? detail : `block ${height}: ${detail}`);
  console.log(problems.length === 0 ? "all is well" : `${problems.length} problems`);
}
