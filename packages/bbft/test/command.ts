import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const root = new URL("..", import.meta.url).pathname;

/** A command of this package, made of its source. */
export interface Command {
  /** The program, one file. */
  readonly path: string;
  /** The exit code and what is printed, also where it fails. */
  run(...args: string[]): { code: number | null; out: string; error: string };
}

/** @param entry the source file of the command, from the package's folder */
export async function buildCommand(entry: string): Promise<Command> {
  const path = join(mkdtempSync(join(tmpdir(), "bbft-command-")), "command.mjs");
  const location = JSON.stringify(join(root, "package.json"));
  await build({
    entryPoints: [join(root, entry)],
    outfile: path,
    bundle: true,
    format: "esm",
    platform: "node",
    // What is not bundled is found from the package, not from the temporary folder.
    banner: {
      js: `import { createRequire as from } from "node:module"; const require = from(${location});`,
    },
    define: { "import.meta.url": JSON.stringify(`file://${join(root, "package.json")}`) },
    logLevel: "error",
  });
  return {
    path,
    run(...args) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
        encoding: "utf8",
      });
      return { code: status, out: stdout, error: stderr };
    },
  };
}
