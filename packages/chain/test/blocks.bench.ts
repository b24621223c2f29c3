import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytomSolonet, decodeBlock, fromHex, toHex } from "@bystack/butxo";
import { signatureBackend, useSignatureBackend } from "@bystack/crypto";
import { openMemory, type StorageEngine } from "@bystack/storage";
import { openLevel } from "@bystack/storage/level";
import { createTensorityPool } from "@bystack/tensority/pool";
import type { BenchSuite } from "../../../scripts/harness.ts";
import { ChainError, openChain, proofOfWorkEngine } from "../src/index.ts";
import { createValidatorPool, type ValidatorPool } from "../src/pool/index.ts";
import { BenchBlocks, inRows } from "./bench-blocks.ts";
import { benchBackends } from "./bench-signatures.ts";
import { engine, lateClock, params, soloChain } from "./kit.ts";
import { mainThreadMs, processMs } from "./thread-time.ts";

/** `BENCH_TRANSACTIONS=2000` for a quick look. */
const COUNT = Number(process.env["BENCH_TRANSACTIONS"] ?? 10_000);
/** `BENCH_WORKERS=4` for machines with more cores. */
const WORKERS = Number(process.env["BENCH_WORKERS"] ?? 2);
const PER_BLOCK = 250;
/** Transactions of the blocks of an initial sync, again and again. */
const MIXED = [0, 1, 2, 0, 5, 8, 3, 0, 1, 40];
const MIB = 2 ** 20;

/**
 * Windows of blocks, from bytes to a chain, in one thread and with workers.
 *
 * @see spec 94-parallel-validation, section 5 "Benchmarks to reproduce"
 */
export default function blocks(): BenchSuite[] {
  useSignatureBackend(benchBackends()[0]);
  const pools = Array.from({ length: WORKERS }, (_, i) =>
    createValidatorPool({ params, size: i + 1 }),
  );
  const judges = [undefined, ...pools];
  const made = new BenchBlocks(COUNT);
  const independent = made.independent(COUNT);
  const rows = Math.ceil(COUNT / PER_BLOCK);
  return [
    initialSync(made, independent, judges),
    windowSuite("independent", made.blocks(inRows(independent, [PER_BLOCK], rows)), judges),
    windowSuite("dependent", made.blocks(inRows(made.dependent(COUNT), [PER_BLOCK], rows)), judges),
    failingBlock(made, independent, judges),
    recorded("without proof of work", 300, async () => true),
    recordedWithWork(pools),
  ];
}

type Judge = ValidatorPool | undefined;

const nameOf = (judge: Judge) => (judge === undefined ? "serial" : `pool of ${judge.size}`);

async function* each(raw: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* raw;
}

/** What threads did in the runs of a case, per operation: the least of all runs. */
class ThreadTimes {
  private readonly least = new Map<Judge, { all: number; main: number | undefined }>();
  private readonly operations: number;

  constructor(operations: number) {
    this.operations = operations;
  }

  async measure(judge: Judge, run: () => Promise<unknown>): Promise<void> {
    const all = processMs();
    const main = mainThreadMs();
    await run();
    const now = mainThreadMs();
    const spent = {
      all: processMs() - all,
      main: now === undefined || main === undefined ? undefined : now - main,
    };
    if (spent.all < (this.least.get(judge)?.all ?? Number.POSITIVE_INFINITY))
      this.least.set(judge, spent);
  }

  /** The main thread cannot be shared out: however many cores there are, it bounds the speed-up. */
  notes(): string[] {
    const serial = this.least.get(undefined)?.all ?? 0;
    const us = (ms: number) => `${((1000 * ms) / this.operations).toFixed(1)} us`;
    return [...this.least].flatMap(([judge, { all, main }]) => {
      if (main === undefined || judge === undefined) return [];
      const others = all - main;
      const bound = serial / Math.max(main, others / judge.size);
      return [
        `${nameOf(judge)}: main thread ${us(main)}, other threads ${us(others)} each; ` +
          `with a core for each thread at most ${bound.toFixed(2)} x serial`,
      ];
    });
  }
}

/** Cases (a) and (b). */
function windowSuite(
  name: string,
  raw: readonly Uint8Array[],
  judges: readonly Judge[],
): BenchSuite {
  const times = new ThreadTimes(COUNT);
  return {
    name: `window: ${COUNT} ${name} 2-in-2-out transactions`,
    timeMs: 4000,
    cases: judges.map((judge) => ({
      name: nameOf(judge),
      operations: COUNT,
      ...(judge === undefined ? {} : { comparedTo: nameOf(undefined) }),
      run: () =>
        times.measure(judge, async () => {
          const chain = await soloChain({ judge });
          await chain.processBlocks(each(raw));
          await chain.close();
        }),
    })),
    get notes() {
      return [
        `${PER_BLOCK} a block, signatures by ${signatureBackend().name}, storage in memory`,
        ...times.notes(),
      ];
    },
  };
}

/** Case (c): the last signature of a block is wrong. */
function failingBlock(
  made: BenchBlocks,
  independent: ReturnType<BenchBlocks["independent"]>,
  judges: readonly Judge[],
): BenchSuite {
  const size = Math.min(1_000, COUNT);
  const raw = made.blocks([independent.slice(0, size)]);
  const { header, transactions } = decodeBlock(raw.at(-1) ?? new Uint8Array(), params.dialect);
  const witness = transactions.at(-1)?.inputs.at(-1);
  const [signature] = witness !== undefined && "arguments" in witness ? witness.arguments : [];
  if (signature === undefined) throw new Error(`block ${header.height} is not signed`);
  const hex = toHex(raw.at(-1) ?? new Uint8Array());
  const wrong = toHex(signature.map((byte, i) => (i === 0 ? byte ^ 1 : byte)));
  raw[raw.length - 1] = fromHex(hex.replace(toHex(signature), wrong));
  const errors = new Map<string, string>();
  return {
    name: `window: the last of ${size} transactions of a block fails`,
    timeMs: 1000,
    cases: judges.map((judge) => ({
      name: nameOf(judge),
      operations: size,
      ...(judge === undefined ? {} : { comparedTo: nameOf(undefined) }),
      async run() {
        const chain = await soloChain({ judge });
        const error = await chain.processBlocks(each(raw)).then(
          () => new Error("the block passed"),
          (reason: unknown) => reason,
        );
        if (!(error instanceof ChainError)) throw error;
        errors.set(nameOf(judge), error.message);
        await chain.close();
      },
    })),
    get notes() {
      const [first, ...others] = new Set(errors.values());
      if (others.length > 0) throw new Error(`different errors: ${[first, ...others].join(" | ")}`);
      return [`${[...errors.keys()].join(", ")} say alike: ${first}`];
    },
  };
}

/** Case (d). It comes first: memory that the process has had already would hide what it takes. */
function initialSync(
  made: BenchBlocks,
  independent: ReturnType<BenchBlocks["independent"]>,
  judges: readonly Judge[],
): BenchSuite {
  const groups = inRows(independent, MIXED, 1_000);
  const raw = made.blocks(groups);
  const transactions = groups.reduce((sum, { length }) => sum + length, 0);
  const times = new ThreadTimes(raw.length);
  const growth = new Map<string, number>();
  return {
    name: "initial sync of 1,000 blocks into LevelDB",
    timeMs: 2000,
    cases: judges.map((judge) => ({
      name: nameOf(judge),
      operations: raw.length,
      ...(judge === undefined ? {} : { comparedTo: nameOf(undefined) }),
      run: () =>
        times.measure(judge, () =>
          withLevel(async (storage) => {
            const chain = await openChain({ params, engine, storage, clock: lateClock, judge });
            const before = process.memoryUsage.rss();
            let most = 0;
            await chain.processBlocks(each(raw), {
              onBlock() {
                most = Math.max(most, process.memoryUsage.rss() - before);
              },
            });
            growth.set(nameOf(judge), Math.max(most, growth.get(nameOf(judge)) ?? 0));
            await chain.close();
          }),
        ),
    })),
    get notes() {
      const mib = [...growth].map(([name, bytes]) => `${name} ${(bytes / MIB).toFixed(0)} MiB`);
      return [
        `${transactions} transactions beside the coinbases, 0 to 40 a block`,
        `most resident growth in a sync: ${mib.join(", ")} (at most 256 MiB)`,
        ...times.notes(),
      ];
    },
  };
}

async function withLevel(task: (storage: StorageEngine) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bystack-bench-"));
  try {
    await task(await openLevel(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The whole way from bytes to a chain in memory. */
function recorded(
  name: string,
  count: number,
  verifyWork: Parameters<typeof proofOfWorkEngine>[0]["verifyWork"],
): BenchSuite {
  const path = "vectors/ledger/chain_solonet.json";
  const { blocks: items } = JSON.parse(readFileSync(path, "utf8")) as { blocks: { raw: string }[] };
  const raw = items.slice(0, count).map((item) => fromHex(item.raw));
  return {
    name: `import of the recorded chain, ${name}`,
    cases: [
      {
        name: "blocks",
        operations: raw.length,
        async run() {
          const chain = await openChain({
            params: bytomSolonet,
            engine: proofOfWorkEngine({ verifyWork }),
            storage: await openMemory(),
            clock: Date,
          });
          await chain.processBlocks(each(raw));
          await chain.close();
        },
      },
    ],
    notes: [`${raw.length} blocks, signatures by ${signatureBackend().name}`],
  };
}

/**
 * Tensority in this thread; 40 blocks, because each takes some 70 CPU milliseconds. The last suite: it
 * closes the pools of all.
 */
function recordedWithWork(pools: readonly ValidatorPool[]): BenchSuite {
  const workers = createTensorityPool({ size: 0 });
  return {
    ...recorded("with proof of work", 40, (claim) => workers.verify(claim)),
    close: () => Promise.all([workers, ...pools].map((pool) => pool.close())),
  };
}
