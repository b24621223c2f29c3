import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

const program = `
  import { createTensorityPool } from "@bystack/tensority/pool";
  import { enableRelaxedSimd } from "@bystack/tensority/relaxed";
  enableRelaxedSimd();
  const pool = createTensorityPool({ size: 2 });
  const hash = await pool.hash(new Uint8Array(32), new Uint8Array(32));
  const late = pool.hash(new Uint8Array(32), new Uint8Array(32));
  const closed = late.catch(({ code }) => console.log(code));
  await pool.close();
  await closed;
  console.log(Buffer.from(hash).toString("hex"));
`;

it("a process ends by itself after close", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bystack-tensority-"));
  try {
    const entry = join(folder, "main.mjs");
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      conditions: ["@bystack/source"],
    });
    writeFileSync(entry, outputFiles[0]?.contents ?? "");
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry], {
      encoding: "utf8",
      timeout: 60_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const hash = "c5d4a19ce842fee409696d14e483f9efe4a7ecc036d1cfeba0199f13f14dc90f";
    expect(stdout).toBe(`pool-closed\n${hash}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
