import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

export default defineConfig(library(["src/index.ts", "src/sodium.ts", "src/sodium-native.ts"]));
