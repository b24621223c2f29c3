/** Every example of the README runs and prints what its comments say. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const readme = await readFile(here("../README.md"), "utf8");
const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);

describe("README", () => {
  let folder: string;
  const home = process.cwd();
  beforeAll(async () => {
    // Inside of the package, where `classic-level` can be found from.
    await mkdir(here("../node_modules/.cache"), { recursive: true });
    folder = await mkdtemp(here("../node_modules/.cache/readme-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("has examples", () => expect(examples.length).toBeGreaterThanOrEqual(6));

  it.each(examples.map((code, i) => [i + 1, code] as const))("example %i", async (i, code) => {
    const {
      outputFiles: [output],
    } = await build({
      // Examples use the working directory; here it is a temporary one.
      stdin: {
        contents: code.replaceAll('"data/', `"${folder}/`),
        loader: "ts",
        resolveDir: home,
      },
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "es2022",
      external: ["classic-level"],
      alias: {
        "@bystack/storage/conformance": here("../src/conformance/index.ts"),
        "@bystack/storage/level": here("../src/level/index.ts"),
        "@bystack/storage": here("../src/index.ts"),
      },
    });
    const file = join(folder, `example-${i}.mjs`);
    await writeFile(file, output?.contents ?? "");
    const printed: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((...values) => {
      printed.push(values.map((v) => (typeof v === "string" ? v : inspect(v))).join(" "));
    });
    try {
      await import(/* @vite-ignore */ pathToFileURL(file).href);
    } finally {
      log.mockRestore();
    }
    const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, text]) => text);
    if (promised.length > 0) expect(printed).toEqual(promised);
  });
});
