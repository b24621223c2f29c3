import { sha3_256 } from "@noble/hashes/sha3.js";
import { expect, it } from "vitest";
import { sha3, sha3Backend, sha3Backends, sha3Concat } from "../src/index.ts";

const pattern = (length: number) => Uint8Array.from({ length }, (_, index) => index * 31 + length);

it("chooses the WebAssembly kernel", () => {
  expect(sha3Backend().name).toBe("wasm");
});

it("equals noble", () => {
  for (const length of [...Array(300).keys(), 2048, 2175, 2176, 2177, 100_000])
    expect(sha3(pattern(length)), `${length}`).toEqual(sha3_256(pattern(length)));
  expect(sha3Concat(pattern(1), pattern(32), pattern(31))).toEqual(
    sha3_256(Uint8Array.of(...pattern(1), ...pattern(32), ...pattern(31))),
  );
});

it("tells its speed", () => {
  for (const length of [32, 64, 1024]) {
    const message = pattern(length);
    const perSecond = sha3Backends().map(({ name, hash }) => {
      let rate = 0;
      for (let round = 0; round < 5; round++) {
        const start = performance.now();
        const count = 10_000;
        for (let i = 0; i < count; i++) hash(message);
        rate = Math.max(rate, (count * 1000) / (performance.now() - start));
      }
      return { name, rate };
    });
    const noble = perSecond.at(-1)?.rate ?? Number.NaN;
    const shown = perSecond.map(
      ({ name, rate }) => `${name} ${Math.round(rate)}/s (${(rate / noble).toFixed(1)} x noble)`,
    );
    console.log(`SHA3-256 of ${length} bytes: ${shown.join(", ")}`);
  }
});
