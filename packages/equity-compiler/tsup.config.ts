import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

export default defineConfig({
  ...library(["src/index.ts", "src/cli.ts"]),
  define: { EQUITY_COMPILER_VERSION: JSON.stringify(version) },
});
