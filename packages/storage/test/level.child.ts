import { serveConformanceChild } from "../src/conformance-node/index.ts";
import { openLevel } from "../src/level/index.ts";

await serveConformanceChild(() => openLevel(process.argv[2] ?? ""));
