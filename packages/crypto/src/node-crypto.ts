/** What is used of Node's `node:crypto`. */
export interface NodeCrypto {
  hash(algorithm: string, data: Uint8Array, outputEncoding: "buffer"): Uint8Array;
  createHash(algorithm: string): {
    update(data: Uint8Array): unknown;
    digest(): Uint8Array;
  };
  verify(
    algorithm: null,
    data: Uint8Array,
    key: { key: { kty: "OKP"; crv: "Ed25519"; x: string }; format: "jwk" },
    signature: Uint8Array,
  ): boolean;
}

/**
 * Node's crypto module, `undefined` where there is none. Not a static import, so that bundles for
 * browsers neither fail nor carry a replacement for it.
 */
export function nodeCrypto(): NodeCrypto | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  return process?.getBuiltinModule?.("node:crypto") as NodeCrypto | undefined;
}
