/** @see spec 20-bvm, section 6.6 "Cryptography" */
import { ripemd160, sha3, sha256 } from "@bystack/crypto";
import { itemBytes, itemLength, itemOf } from "../item.ts";
import type { Operation, Operations } from "./operation.ts";

const SIGNATURE_COST = 1024;
const MESSAGE_LENGTH = 32;
const KEY_LENGTH = 32;

function hash(
  cost: (length: number) => number,
  digest: (bytes: Uint8Array) => Uint8Array,
): Operation {
  return (frame) => {
    const item = frame.popNow();
    if (item === undefined) return;
    if (frame.charge(cost(itemLength(item)))) frame.pushNow(itemOf(digest(itemBytes(item))));
  };
}

const checkSig: Operation = (frame) => {
  const key = frame.popLater();
  if (key === undefined) return;
  const message = frame.popLater();
  if (message === undefined) return;
  const signature = frame.popLater();
  if (signature === undefined) return;
  if (itemLength(message) !== MESSAGE_LENGTH) return frame.fail("bad-value");
  frame.pushBooleanLater(
    itemLength(key) === KEY_LENGTH &&
      frame.environment.verify(itemBytes(message), itemBytes(signature), itemBytes(key)),
  );
};

const checkMultiSig: Operation = (frame) => {
  const keyCount = frame.popIntLater();
  if (keyCount === undefined) return;
  // 1024 · n leaves 64 bits exactly when n is not a safe integer.
  if (keyCount < 0 || typeof keyCount === "bigint") return frame.fail("bad-value");
  if (!frame.charge(SIGNATURE_COST * keyCount)) return;
  const quorum = frame.popIntLater();
  if (quorum === undefined) return;
  if (quorum < 0 || quorum > keyCount || (quorum === 0 && keyCount > 0))
    return frame.fail("bad-value");
  const keys: Uint8Array[] = [];
  for (let i = 0; i < keyCount; i++) {
    const key = frame.popLater();
    if (key === undefined) return;
    keys.push(itemBytes(key));
  }
  const message = frame.popLater();
  if (message === undefined) return;
  if (itemLength(message) !== MESSAGE_LENGTH) return frame.fail("bad-value");
  const signatures: Uint8Array[] = [];
  for (let i = 0; i < quorum; i++) {
    const signature = frame.popLater();
    if (signature === undefined) return;
    signatures.push(itemBytes(signature));
  }
  if (keys.some((key) => key.length !== KEY_LENGTH)) return frame.pushBooleanLater(false);
  const { verify } = frame.environment;
  let valid = 0;
  for (const key of keys) {
    const signature = signatures[valid];
    if (signature === undefined) break;
    if (verify(itemBytes(message), signature, key)) valid++;
  }
  frame.pushBooleanLater(valid === signatures.length);
};

export function cryptographyOperations(): Operations {
  return {
    SHA256: hash((length) => Math.max(length, 64), sha256),
    SHA3: hash((length) => Math.max(length, 64), sha3),
    HASH160: hash((length) => length + 64, ripemd160),
    CHECKSIG: checkSig,
    CHECKMULTISIG: checkMultiSig,
    TXSIGHASH(frame) {
      const { signatureHash } = frame.environment.context;
      if (signatureHash === undefined) frame.fail("context");
      else frame.pushNow(itemOf(signatureHash()));
    },
  };
}
