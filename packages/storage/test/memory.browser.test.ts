import { runStorageConformance } from "../src/conformance/index.ts";
import { openMemory } from "../src/index.ts";
import { harness } from "./harness.ts";

runStorageConformance(
  {
    name: "memory, in a browser",
    persistence: "process",
    create: async () => ({ open: () => openMemory(), remove: async () => {} }),
  },
  harness,
);
