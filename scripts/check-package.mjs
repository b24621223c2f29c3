// Packs the package of the current folder and judges the tarball as a consumer would see it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const out = mkdtempSync(join(tmpdir(), "bystack-pack-"));
try {
  const run = (cmd, args) =>
    execFileSync(cmd, args, { stdio: "inherit", shell: process.platform === "win32" });
  run("pnpm", ["pack", "--pack-destination", out]);
  const packed = readdirSync(out).find((file) => file.endsWith(".tgz"));
  if (packed === undefined) throw new Error("pnpm pack made no tarball");
  const tarball = join(out, packed);
  run("publint", ["run", tarball, "--strict"]);
  run("attw", [tarball, "--profile", "esm-only"]);
} finally {
  rmSync(out, { recursive: true });
}
