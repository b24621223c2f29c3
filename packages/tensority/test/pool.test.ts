import { afterEach, expect, it } from "vitest";
import { tensority } from "../src/index.ts";
import { createTensorityPool, type TensorityPool } from "../src/pool/index.ts";

const seed = new Uint8Array(32);
let pool: TensorityPool | undefined;
afterEach(() => pool?.close());

it.each([0, 1, 2])("of %i workers gives the hash that the function gives", async (size) => {
  pool = createTensorityPool({ size });
  const headerHash = new Uint8Array(32);
  const expected = tensority(headerHash, seed);
  expect(await pool.hash(headerHash, seed)).toEqual(expected);
});
