import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

export default defineConfig(
  library({
    index: "src/index.ts",
    conformance: "src/conformance/index.ts",
    pool: "src/pool/index.ts",
    worker: "src/pool/worker.ts",
  }),
);
