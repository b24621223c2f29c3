import { execFileSync } from "node:child_process";
import type { BenchCase, BenchSuite } from "../../../scripts/harness.ts";
import { createHasher, type KernelFactory, p1Kernel, packedKernel } from "../src/index.ts";
import { createTensorityPool } from "../src/pool/index.ts";
import { scalarKernel } from "../src/reference/index.ts";
import { enableRelaxedSimd, r2Kernel, u2Kernel, vnKernel } from "../src/relaxed/index.ts";

/** Another Node to measure the kernels on: newer engines have instructions that Node 20 lacks. */
const OTHER_NODE = process.env["BYSTACK_OTHER_NODE"];

const KERNELS: readonly KernelFactory[] = [
  scalarKernel,
  packedKernel,
  p1Kernel,
  r2Kernel,
  u2Kernel,
  vnKernel,
];
const WASM: readonly KernelFactory[] = [p1Kernel, r2Kernel, u2Kernel, vnKernel];
const seed = new Uint8Array(32).fill(1);

/**
 * Packed doubles cost about what the original Go node costs for each hash, so ratios are to them.
 */
export default function tensority(): BenchSuite[] {
  enableRelaxedSimd();
  return [hashes(), seeds(), pools(1), pools(2)];
}

function hashes(): BenchSuite {
  const runnable = KERNELS.filter((kernel) => kernel.create() !== undefined);
  const missing = KERNELS.filter((kernel) => !runnable.includes(kernel));
  const hashers = runnable.map((kernel) => createHasher({ kernels: [kernel], maxSeeds: 1 }));
  return {
    name: "hash, seed prepared",
    timeMs: 2_000,
    cases: hashers.map((hasher): BenchCase => {
      const nextHeader = headers();
      const run = () => hasher.hash(nextHeader(), seed);
      if (hasher.kernel === "packed") return { name: hasher.kernel, run };
      return { name: hasher.kernel, run, comparedTo: "packed" };
    }),
    notes: [
      ...missing.map(({ name }) => `${name}: this engine or CPU does not have it`),
      ...hashers.map((hasher) => {
        hasher.prepare(seed);
        return `${hasher.kernel}: ${(hasher.memoryBytes / 2 ** 20).toFixed(1)} MiB reserved a seed`;
      }),
      ...onOtherNode(),
    ],
  };
}

function seeds(): BenchSuite {
  return {
    name: "seed preparation",
    timeMs: 1_000,
    cases: WASM.flatMap(({ name, create }) => {
      const kernel = create();
      return kernel === undefined ? [] : [{ name, run: () => kernel.prepare(seed) }];
    }),
  };
}

/** "per s" is the figure to look at: CPU time is that of all workers. */
function pools(size: number): BenchSuite {
  const pool = createTensorityPool({ size });
  const nextHeader = headers();
  const operations = 16;
  return {
    name: `pool of ${size}`,
    timeMs: 4_000,
    cases: [
      {
        name: `hash, ${operations} in flight`,
        operations,
        run: () =>
          Promise.all(Array.from({ length: operations }, () => pool.hash(nextHeader(), seed))),
      },
    ],
    close: () => pool.close(),
  };
}

function headers(): () => Uint8Array {
  const header = new Uint8Array(32);
  return () => {
    header[0] = ((header[0] ?? 0) + 1) & 0xff;
    return header.slice();
  };
}

/** Median CPU milliseconds of a hash, for each kernel of the engine; also runs in the other Node. */
export function measureKernels(): { readonly name: string; readonly cpuMs: number }[] {
  enableRelaxedSimd();
  return [packedKernel, ...WASM].flatMap((kernel) => {
    if (kernel.create() === undefined) return [];
    const hasher = createHasher({ kernels: [kernel], maxSeeds: 1 });
    const nextHeader = headers();
    hasher.hash(nextHeader(), seed);
    const times = Array.from({ length: kernel === packedKernel ? 3 : 21 }, () => {
      const start = process.cpuUsage();
      hasher.hash(nextHeader(), seed);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    const cpuMs = times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
    return [{ name: kernel.name, cpuMs }];
  });
}

function onOtherNode(): string[] {
  if (OTHER_NODE === undefined)
    return ["another Node: not measured, BYSTACK_OTHER_NODE does not name one"];
  const code = `
    const { measureKernels } = await import(${JSON.stringify(import.meta.url)});
    console.log(JSON.stringify({ version: process.version, rows: measureKernels() }));`;
  const output = execFileSync(OTHER_NODE, ["--input-type=module", "-e", code], {
    encoding: "utf8",
  });
  const { version, rows }: { version: string; rows: ReturnType<typeof measureKernels> } =
    JSON.parse(output);
  const packed = rows.find(({ name }) => name === "packed")?.cpuMs ?? 0;
  return rows.map(
    ({ name, cpuMs }) =>
      `Node ${version}, ${name}: ${cpuMs.toFixed(1)} CPU ms, ${(packed / cpuMs).toFixed(1)} x packed`,
  );
}
