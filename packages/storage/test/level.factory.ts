import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { StorageFactory } from "../src/conformance/index.ts";
import { forkConformanceChild } from "../src/conformance-node/index.ts";
import { openLevel } from "../src/level/index.ts";

/**
 * LevelDB in temporary directories, with child processes.
 *
 * @param fault of the child's engine, see level.child.ts; none when left out
 */
export async function levelFactory(fault?: string): Promise<StorageFactory> {
  const child = await bundleChild();
  return {
    name: "level",
    persistence: "disk",
    create: async () => {
      const path = await mkdtemp(join(tmpdir(), "bystack-storage-"));
      return {
        open: () => openLevel(path),
        fork: () => forkConformanceChild(child, fault === undefined ? [path] : [path, fault]),
        remove: () => rm(path, { recursive: true }),
      };
    },
  };
}

/** Node 20 cannot run TypeScript. The bundle lies where `classic-level` can be found from. */
async function bundleChild(): Promise<string> {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const {
    outputFiles: [output],
  } = await build({
    entryPoints: [here("./level.child.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "es2022",
    external: ["classic-level"],
  });
  if (output === undefined) throw new Error("esbuild gave no bundle");
  const folder = here("../node_modules/.cache");
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `level.child.${process.pid}.mjs`);
  await writeFile(unfinished, output.contents);
  // Another test file may be running the same bundle.
  await rename(unfinished, join(folder, "level.child.mjs"));
  return join(folder, "level.child.mjs");
}
