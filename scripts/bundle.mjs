import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("../", import.meta.url));

/** Packages with compiled addons, or whose identity matters: loaded from where they are installed. */
const INSTALLED = /^(level|classic-level|tinybench|libsodium-wrappers|@chainsafe\/blst)$/;

const keepInstalled = {
  name: "keep-installed",
  setup(esbuild) {
    esbuild.onResolve({ filter: INSTALLED }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === "found") return undefined;
      const found = await esbuild.resolve(path, { resolveDir, kind, pluginData: "found" });
      return found.errors.length > 0 ? found : { path: found.path, external: true };
    });
  },
};

/**
 * Bundles a TypeScript entry against the sources of all packages.
 * Benches must not run through a module runner that turns every imported name into a property
 * look-up, and Node 20 cannot run TypeScript by itself.
 *
 * @returns the path of the bundle
 */
export async function bundle(entry) {
  const name = entry.replace(root, "").replaceAll(/[/\\]/g, "-").replace(/\.ts$/, ".mjs");
  const outfile = resolve(root, "node_modules/.cache/run", name);
  await build({
    entryPoints: [resolve(root, entry)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    sourcemap: "inline",
    conditions: ["@bystack/source"],
    plugins: [keepInstalled],
    banner: {
      js: [
        'import { createRequire as bundleRequire } from "node:module";',
        `const require = bundleRequire(${JSON.stringify(join(root, "package.json"))});`,
      ].join(" "),
    },
    logLevel: "error",
  });
  return outfile;
}
