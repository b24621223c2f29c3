export { type ChildChannel, serveConformance } from "./child.ts";
export type {
  ConformanceChild,
  ConformanceHarness,
  ConformanceOptions,
  StorageFactory,
  StorePlace,
} from "./harness.ts";
export { runStorageConformance } from "./run.ts";
