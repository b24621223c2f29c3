import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

export default defineConfig(
  library({
    index: "src/index.ts",
    relaxed: "src/relaxed/index.ts",
    pool: "src/pool/index.ts",
    mining: "src/mining/index.ts",
    reference: "src/reference/index.ts",
    worker: "src/pool/worker.ts",
  }),
);
