import type { Suite } from "../runner.ts";
import { apiCalls } from "./api-compile.ts";
import { optimizePairs } from "./optimize.ts";
import { compileRecords } from "./record.ts";

export const suite: Suite = {
  templates: compileRecords,
  generated: compileRecords,
  "odd-but-accepted": compileRecords,
  invalid: compileRecords,
  optimize: optimizePairs,
  "api-compile": apiCalls,
};
