// Compiles assembly/keccak.ts and writes it as src/keccak.generated.ts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = mkdtempSync(join(tmpdir(), "bystack-keccak-"));
try {
  const wasm = join(out, "keccak.wasm");
  const { error, stderr } = await asc.main([
    join(here, "assembly/keccak.ts"),
    ...["--outFile", wasm, "--runtime", "stub", "--noAssert", "-O3", "--converge"],
    ...["--zeroFilledMemory", "--disable", "bulk-memory"],
  ]);
  if (error) throw new Error(stderr.toString(), { cause: error });
  const base64 = readFileSync(wasm).toString("base64");
  writeFileSync(
    join(here, "src/keccak.generated.ts"),
    `/** assembly/keccak.ts, compiled by build-wasm.mjs. */\nexport const KECCAK_WASM = "${base64}";\n`,
  );
} finally {
  rmSync(out, { recursive: true });
}
