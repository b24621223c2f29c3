import { ed25519 } from "@noble/curves/ed25519.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  CryptoError,
  createVerifier,
  nobleSignatures,
  type SignatureBackend,
  signatureBackend,
  signatureBackends,
  useSignatureBackend,
  verify,
} from "../src/index.ts";
import { loadSodium } from "../src/sodium.ts";
import { loadSodiumNative } from "../src/sodium-native.ts";
import { sign } from "./signing.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  useSignatureBackend();
});

const signed = sign({ message: Uint8Array.of(1), secret: 3n, nonce: 5n });
const cofactored: SignatureBackend = {
  name: "zip215",
  verify: (message, signature, key) => ed25519.verify(signature, message, key, { zip215: true }),
};

describe("a backend is refused", () => {
  const refused = expect.objectContaining({ name: "CryptoError", code: "backend-disagrees" });

  it("when its equation has the cofactor", () => {
    expect(() => createVerifier(cofactored)).toThrow(refused);
    expect(() => useSignatureBackend(cofactored)).toThrow(CryptoError);
  });

  it("when it rejects keys of mixed order", () => {
    const strict: SignatureBackend = {
      name: "strict",
      verify: (message, signature, key) =>
        ed25519.Point.fromBytes(key).isTorsionFree() &&
        nobleSignatures.verify(message, signature, key),
    };
    expect(() => createVerifier(strict)).toThrow(refused);
  });

  it.each([true, false])("when it always says %s", (answer) => {
    expect(() => createVerifier({ name: "constant", verify: () => answer })).toThrow(refused);
  });

  it("when it throws", () => {
    const broken: SignatureBackend = {
      name: "broken",
      verify() {
        throw new Error("no such algorithm");
      },
    };
    expect(() => createVerifier(broken)).toThrow(refused);
  });

  it("and the one before stays in use", () => {
    useSignatureBackend(nobleSignatures);
    expect(() => useSignatureBackend(cofactored)).toThrow(CryptoError);
    expect(signatureBackend()).toBe(nobleSignatures);
  });
});

it("answers by the exact rule when the backend throws later", () => {
  let isBroken = false;
  const fragile: SignatureBackend = {
    name: "fragile",
    verify(...all) {
      if (isBroken) throw new Error("lost");
      return nobleSignatures.verify(...all);
    },
  };
  const verifyBy = createVerifier(fragile);
  isBroken = true;
  expect(verifyBy(signed.message, signed.signature, signed.publicKey)).toBe(true);
});

describe("the choice", () => {
  it("is node:crypto in Node", () => {
    expect(signatureBackend().name).toBe("node-crypto");
  });

  it("is noble where there is no process", () => {
    vi.stubGlobal("process", undefined);
    expect(signatureBackends()).toEqual([nobleSignatures]);
    expect(verify(signed.message, signed.signature, signed.publicKey)).toBe(true);
    expect(signatureBackend()).toBe(nobleSignatures);
  });

  it("passes over a node:crypto that changed its equation", () => {
    const getBuiltinModule = () => ({ verify: () => true });
    vi.stubGlobal("process", { getBuiltinModule });
    expect(signatureBackend()).toBe(nobleSignatures);
  });

  it("can be made by the caller, and be undone", async () => {
    useSignatureBackend(await loadSodium());
    expect(signatureBackend().name).toBe("libsodium");
    expect(verify(signed.message, signed.signature, signed.publicKey)).toBe(true);
    useSignatureBackend();
    expect(signatureBackend().name).toBe("node-crypto");
  });
});

describe("sodium-native", () => {
  const code = (code: string) => expect.objectContaining({ name: "CryptoError", code });

  it("can be put behind verify", () => {
    useSignatureBackend(loadSodiumNative());
    expect(signatureBackend().name).toBe("sodium-native");
    expect(verify(signed.message, signed.signature, signed.publicKey)).toBe(true);
  });

  it("loads from the file that another thread has named", () => {
    const { file } = loadSodiumNative();
    expect(file).toMatch(/sodium-native/);
    const again = createVerifier(loadSodiumNative(file));
    expect(again(signed.message, signed.signature, signed.publicKey)).toBe(true);
    expect(again(Uint8Array.of(2), signed.signature, signed.publicKey)).toBe(false);
  });

  it("is unavailable where there is no Node, or nothing at that place", () => {
    expect(() => loadSodiumNative("/nowhere/sodium-native.js")).toThrow(
      code("backend-unavailable"),
    );
    vi.stubGlobal("process", undefined);
    expect(() => loadSodiumNative()).toThrow(code("backend-unavailable"));
  });

  it("is refused when something else lies there", () => {
    const createRequire = () => () => ({ crypto_sign_verify_detached: () => true });
    vi.stubGlobal("process", { getBuiltinModule: () => ({ createRequire }) });
    expect(() => loadSodiumNative("/a/forgery.js")).toThrow(code("backend-disagrees"));
  });
});
