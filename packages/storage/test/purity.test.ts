/** What browsers load has nothing of Node in it and does nothing when it is loaded. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

it.each(["index", "conformance/index"])(
  "src/%s.ts imports and uses nothing of Node",
  async (entry) => {
    const { outputFiles, metafile } = await build({
      entryPoints: [fileURLToPath(new URL(`../src/${entry}.ts`, import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "neutral",
      external: ["node:*", "classic-level"],
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    expect(imports).toEqual([]);
    const code = outputFiles[0]?.text ?? "";
    expect(code).toContain("StorageError");
    expect(code).not.toMatch(/\b(Buffer\b[^"' ]|process\.|Date\.now|Math\.random|require\()/);
  },
);

it("a bundle that uses nothing of the root entry is empty", async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import "${fileURLToPath(new URL("../src/index.ts", import.meta.url))}";`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    minify: true,
    // Not because package.json says so: because no statement of it has an effect.
    ignoreAnnotations: true,
    format: "esm",
  });
  expect(outputFiles[0]?.text.trim()).toBe("");
});
