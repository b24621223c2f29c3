import { afterEach, expect, it } from "vitest";
import { initialSeed, meetsTarget, tensority } from "../src/index.ts";
import { createTensorityPool, type TensorityPool } from "../src/pool/index.ts";

let pool: TensorityPool | undefined;
afterEach(() => pool?.close());

it("gives the hash that the function gives", async () => {
  pool = createTensorityPool({ size: 0 });
  const headerHash = new Uint8Array(32);
  const expected = tensority(headerHash, initialSeed());
  expect(await pool.hash(headerHash, initialSeed())).toEqual(expected);
  expect(meetsTarget(expected, 2n ** 256n)).toBe(true);
});
