import { afterEach, expect, it } from "vitest";
import { examplesIn, promisedOutput, runExample } from "../../../scripts/examples.ts";
import * as crypto from "../src/index.ts";
import * as sodium from "../src/sodium.ts";
import * as sodiumNative from "../src/sodium-native.ts";
import { sign } from "./signing.ts";

const examples = examplesIn(new URL("../README.md", import.meta.url));

afterEach(() => {
  crypto.useSha3Backend();
  crypto.useSignatureBackend();
});

const run = (code = "") =>
  runExample(code, {
    modules: {
      "@bystack/crypto": crypto,
      "@bystack/crypto/sodium": sodium,
      "@bystack/crypto/sodium-native": sodiumNative,
    },
    given: {
      ...sign({ message: new TextEncoder().encode("hello"), secret: 7n, nonce: 9n }),
      left: new Uint8Array(32),
      right: new Uint8Array(32).fill(1),
    },
  });

it("has examples", () => {
  expect(examples.length).toBe(5);
});

it.each(examples.map((code, index) => [index, code] as const))(
  "example %i runs",
  async (_, code) => {
    const promised = promisedOutput(code);
    const printed = await run(code);
    if (promised.length > 0) expect(printed).toEqual(promised);
  },
);

it("gives the verdicts that the README promises", async () => {
  expect(await run(examples[4] ?? "")).toEqual(["node-crypto true", "noble true"]);
  await run(examples[3] ?? "");
  expect(crypto.signatureBackend().name).toBe("libsodium");
  await run(examples[2] ?? "");
  expect(crypto.signatureBackend().name).toBe("sodium-native");
});
