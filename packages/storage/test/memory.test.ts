import { runStorageConformance, type StorageFactory } from "../src/conformance/index.ts";
import { openMemory } from "../src/index.ts";
import { harness } from "./harness.ts";

const memory: StorageFactory = {
  name: "memory",
  persistence: "process",
  create: async () => ({ open: () => openMemory(), remove: async () => {} }),
};

runStorageConformance(memory, harness);
