import { signatureBackend, useSignatureBackend } from "@bystack/crypto";
import { afterEach, expect, it, vi } from "vitest";
import { chooseSignatureBackend } from "../src/signature-backend.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  useSignatureBackend();
});

it("takes the fastest library that is here, or the one asked for", () => {
  expect(chooseSignatureBackend("auto")).toBe("sodium-native");
  expect(chooseSignatureBackend("node-crypto")).toBe("node-crypto");
  expect(chooseSignatureBackend("sodium-native")).toBe("sodium-native");
  expect(signatureBackend().name).toBe("sodium-native");
});

it("goes on with node:crypto where the addon has no binary, unless it was asked for", () => {
  const createRequire = () => {
    const require = () => {
      throw new Error("Cannot find addon");
    };
    return Object.assign(require, { resolve: () => "/somewhere/sodium-native/index.js" });
  };
  const real = process.getBuiltinModule;
  vi.stubGlobal("process", {
    getBuiltinModule: (name: string) => (name === "node:module" ? { createRequire } : real(name)),
  });
  expect(chooseSignatureBackend("auto")).toBe("node-crypto");
  expect(() => chooseSignatureBackend("sodium-native")).toThrow(
    expect.objectContaining({ name: "NodeError", code: "bad-option" }),
  );
});
