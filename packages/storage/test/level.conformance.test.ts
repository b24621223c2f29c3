import { runStorageConformance } from "../src/conformance/index.ts";
import { harness } from "./harness.ts";
import { level } from "./level.factory.ts";

runStorageConformance(level, harness);
