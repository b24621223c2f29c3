import { createHash } from "node:crypto";
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect, it } from "vitest";
import { ripemd160, sha256, sha512 } from "../src/index.ts";

const abc = new TextEncoder().encode("abc");

it("gives the example values of the standards", () => {
  expect(bytesToHex(sha256(abc))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  expect(bytesToHex(sha512(abc))).toBe(
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  );
  expect(bytesToHex(ripemd160(abc))).toBe("8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
});

it("equals OpenSSL at every length around the ends of blocks", () => {
  for (let length = 0; length <= 260; length++) {
    const message = Uint8Array.from({ length }, (_, index) => index * 31 + length);
    for (const [name, hash] of Object.entries({ sha256, sha512 }))
      expect(bytesToHex(hash(message))).toBe(createHash(name).update(message).digest("hex"));
  }
});
