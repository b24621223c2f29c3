/// <reference types="node" />
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { concat, keyOf } from "../bytes.ts";
import { createEd25519, type Ed25519Backend } from "../scheme/ed25519.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";

const PRIVATE_PREFIX = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);
const PUBLIC_PREFIX = Uint8Array.from([48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0]);
const KEY_CACHE = 8192;

/** The ed25519 scheme on the runtime's native arithmetic, some twenty times faster than noble. */
export function createNodeEd25519(): SignatureScheme {
  const publicKeys = new Map<string, KeyObject>();
  const privateKeys = new Map<string, KeyObject>();
  const cached = (
    keys: Map<string, KeyObject>,
    bytes: Uint8Array,
    create: (der: Buffer) => KeyObject,
    prefix: Uint8Array,
  ): KeyObject => {
    const id = keyOf(bytes);
    const known = keys.get(id);
    if (known !== undefined) return known;
    const key = create(Buffer.from(concat(prefix, bytes)));
    if (keys.size >= KEY_CACHE) keys.clear();
    keys.set(id, key);
    return key;
  };
  const backend: Ed25519Backend = {
    sign(secret, message) {
      const key = cached(
        privateKeys,
        secret,
        (der) => createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
        PRIVATE_PREFIX,
      );
      return new Uint8Array(sign(null, message, key));
    },
    verify(publicKey, message, signature) {
      try {
        const key = cached(
          publicKeys,
          publicKey,
          (der) => createPublicKey({ key: der, format: "der", type: "spki" }),
          PUBLIC_PREFIX,
        );
        return verify(null, message, key, signature);
      } catch {
        return false;
      }
    },
  };
  return createEd25519(backend);
}
