export type { EngineFactory, EngineHarness } from "./harness.ts";
export { runEngineConformance } from "./run.ts";
