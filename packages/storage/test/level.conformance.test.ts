import { runStorageConformance } from "../src/conformance/index.ts";
import { harness } from "./harness.ts";
import { levelFactory } from "./level.factory.ts";

runStorageConformance(await levelFactory(), harness, {
  kills: Number(process.env["STORAGE_KILLS"] ?? 50),
  seed: Number(process.env["STORAGE_SEED"] ?? 1),
});
