import {
  createHasher,
  type Hasher,
  type KernelFactory,
  packedKernel,
  portableKernels,
} from "@bystack/tensority";
import { scalarKernel } from "@bystack/tensority/reference";
import { allKernels, enableRelaxedSimd } from "@bystack/tensority/relaxed";
import type { HandlerContext } from "../runner.ts";

/** The forms that take seconds a hash; for whole hashes only when one is asked for. */
const SLOW: readonly KernelFactory[] = [packedKernel, scalarKernel];

/** The kernels that this machine can run, or the one named on the command line; notes which. */
export function runnableKernels(context: HandlerContext): readonly KernelFactory[] {
  enableRelaxedSimd();
  const known = [...allKernels.filter((kernel) => !SLOW.includes(kernel)), ...SLOW];
  const wanted = context.options.kernel;
  if (wanted !== undefined && !known.some(({ name }) => name === wanted))
    throw new Error(`no kernel "${wanted}": ${names(known)}`);
  const asked = known.filter(({ name }) => wanted === undefined || name === wanted);
  const runnable = asked.filter((kernel) => kernel.create() !== undefined);
  if (runnable.length === 0) throw new Error(`this machine cannot run ${names(asked)}`);
  const refused = asked.filter((kernel) => !runnable.includes(kernel));
  context.note(
    `kernels ${names(runnable)}${refused.length > 0 ? `; not on this machine: ${names(refused)}` : ""}`,
  );
  return runnable;
}

/**
 * One hasher for each fast kernel that the machine can run, or for the kernel named; with a portable
 * kernel at its side, which confirms refusals.
 */
export function hashers(context: HandlerContext): readonly Hasher[] {
  const runnable = runnableKernels(context);
  const fast = runnable.filter((kernel) => !SLOW.includes(kernel));
  if (fast.length > 0 && fast.length < runnable.length)
    context.note(`whole hashes by ${names(fast)}; slower ones with --kernel NAME`);
  return (fast.length > 0 ? fast : runnable).map((kernel) =>
    createHasher({ kernels: [kernel, ...portableKernels], maxSeeds: 1 }),
  );
}

function names(kernels: readonly KernelFactory[]): string {
  return kernels.map(({ name }) => name).join(", ");
}
