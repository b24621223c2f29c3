import type { Options } from "tsup";

/** How every library of ours is compiled: ES modules, rolled-up types, nothing of Node assumed. */
export const library = (entry: string[] | Record<string, string>): Options => ({
  entry,
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  dts: { compilerOptions: { composite: false, ignoreDeprecations: "6.0" } },
  sourcemap: true,
  clean: true,
  treeshake: true,
  splitting: true,
});
