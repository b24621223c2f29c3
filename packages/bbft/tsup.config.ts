import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

export default defineConfig(
  library({
    index: "src/index.ts",
    sim: "src/sim/index.ts",
    explore: "src/explore/index.ts",
    node: "src/node/index.ts",
    "bbft-sim": "src/cli/cli.ts",
    bbft: "src/log-tool/cli.ts",
    "key-value-node": "src/example/key-value-node.ts",
  }),
);
