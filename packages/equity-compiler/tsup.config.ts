import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

export default defineConfig({
  ...library({ index: "src/index.ts", templates: "src/templates/index.ts", cli: "src/cli.ts" }),
  define: { EQUITY_COMPILER_VERSION: JSON.stringify(version) },
});
