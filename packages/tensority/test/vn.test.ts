import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { expect, it } from "vitest";
import { createHasher } from "../src/index.ts";
import { vnKernel } from "../src/relaxed/index.ts";
import { wasmKernel } from "../src/wasm-kernel.ts";
import { recorded } from "./vectors.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What AVX-VNNI computes, in portable instructions: signed by unsigned, four products exactly. */
const EXACT = `
function exactDotAdd(m: v128, x: v128, sum: v128): v128 {
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(m), i16x8.extend_low_i8x16_u(x));
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(m), i16x8.extend_high_i8x16_u(x));
  const even = v128.shuffle<i32>(low, high, 0, 2, 4, 6);
  const odd = v128.shuffle<i32>(low, high, 1, 3, 5, 7);
  return i32x4.add(sum, i32x4.add(even, odd));
}
`;

/** Few machines have the instruction; around it the kernel must be right on all of them. */
it("VN is correct where its instruction is exact", async () => {
  const source = readFileSync(new URL("../assembly/vn.ts", import.meta.url), "utf8");
  const emulated = source.replaceAll("v128.relaxed_dot_add<i32>", "exactDotAdd") + EXACT;
  const outputs = new Map<string, Uint8Array>();
  const { error, stderr } = await asc.main(
    [
      ...["assembly/vn.ts", "--outFile", "vn.wasm", "--baseDir", root],
      ...["--enable", "simd", "--enable", "bulk-memory", "--enable", "relaxed-simd"],
      ...["--runtime", "stub", "--noAssert", "-O3", "--importMemory", "--memoryBase", "64"],
    ],
    {
      readFile: (name, base) => {
        if (name.endsWith("assembly/vn.ts")) return emulated;
        try {
          return readFileSync(new URL(name, `file://${base}/`), "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (name, content) => {
        if (content instanceof Uint8Array) outputs.set(name, content);
      },
    },
  );
  expect(error, String(stderr)).toBeNull();
  const wasm = Buffer.from(outputs.get("vn.wasm") ?? new Uint8Array()).toString("base64");
  const memoryBytes = vnKernel.source?.memoryBytes ?? 0;
  const kernel = wasmKernel({ name: "vn", wasm, isPortable: false, memoryBytes });
  const hasher = createHasher({ kernels: [kernel] });
  expect(hasher.kernel).toBe("vn");
  for (const { headerHash, seed, hash } of recorded(2, 3))
    expect(hasher.hash(headerHash, seed)).toEqual(hash);
});
