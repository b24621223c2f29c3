import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../../scripts/bundle.mjs";
import type { StorageFactory } from "../src/conformance/index.ts";
import { forkConformanceChild } from "../src/conformance-node/index.ts";
import { openLevel } from "../src/level/index.ts";

const child: string = await bundle(fileURLToPath(new URL("./level.child.ts", import.meta.url)));

/** LevelDB in temporary directories, with child processes. */
export const level: StorageFactory = {
  name: "level",
  persistence: "disk",
  create: async () => {
    const path = await mkdtemp(join(tmpdir(), "bystack-storage-"));
    return {
      open: () => openLevel(path),
      fork: () => forkConformanceChild(child, [path]),
      remove: () => rm(path, { recursive: true }),
    };
  },
};
