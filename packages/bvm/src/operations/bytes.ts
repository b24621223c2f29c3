/** @see spec 20-bvm, section 6.4 "Byte strings" */
import type { Frame } from "../frame.ts";
import { type Item, itemBytes, itemLength, itemOf, itemsEqual } from "../item.ts";
import { pushdataPrefix } from "../push.ts";
import type { Operation, Operations } from "./operation.ts";

const NOTHING = /* @__PURE__ */ new Uint8Array(0);

/** Takes gas for the length of a result and gives it back at the end. */
function chargeTemporarily(frame: Frame, gas: number): boolean {
  if (!frame.charge(gas)) return false;
  frame.defer(-gas);
  return true;
}

/** A length taken from the stack and charged for; undefined when the frame failed. */
function popSize(frame: Frame): number | undefined {
  const size = frame.popIntLater();
  if (size === undefined) return undefined;
  if (size < 0) return frame.fail("bad-value");
  // What a number cannot hold exactly is more than any run limit.
  return chargeTemporarily(frame, Number(size)) ? Number(size) : undefined;
}

/** Copies, so that a short part does not keep a long string in memory. */
function part(bytes: Uint8Array, start: number, end: number): Item {
  return itemOf(bytes.slice(start, end));
}

/** `prefix` gives what stands between the two, by the length of the second. */
function join(prefix: (length: number) => Uint8Array): Operation {
  return (frame) => {
    const b = frame.popLater();
    if (b === undefined) return;
    const a = frame.popLater();
    if (a === undefined) return;
    if (!chargeTemporarily(frame, itemLength(a) + itemLength(b))) return;
    const [left, right] = [itemBytes(a), itemBytes(b)];
    const between = prefix(right.length);
    const joined = new Uint8Array(left.length + between.length + right.length);
    joined.set(left);
    joined.set(between, left.length);
    joined.set(right, left.length + between.length);
    frame.pushLater(itemOf(joined));
  };
}

/** LEFT and RIGHT. */
function end(cut: (bytes: Uint8Array, size: number) => Item): Operation {
  return (frame) => {
    const size = popSize(frame);
    if (size === undefined) return;
    const item = frame.popLater();
    if (item === undefined) return;
    if (size > itemLength(item)) return frame.fail("bad-value");
    frame.pushLater(cut(itemBytes(item), size));
  };
}

const substr: Operation = (frame) => {
  const size = popSize(frame);
  if (size === undefined) return;
  const offset = frame.popIntLater();
  if (offset === undefined) return;
  if (offset < 0) return frame.fail("bad-value");
  const item = frame.popLater();
  if (item === undefined) return;
  const start = Number(offset);
  if (start + size > itemLength(item)) return frame.fail("bad-value");
  frame.pushLater(part(itemBytes(item), start, start + size));
};

const invert: Operation = (frame) => {
  if (!frame.need(1)) return;
  const item = frame.peek(0);
  if (!frame.charge(itemLength(item))) return;
  frame.dataStack[frame.dataStack.length - 1] = itemOf(itemBytes(item).map((byte) => ~byte));
};

/** AND, OR, XOR; `lengthOf` gives both the price and the length of the result. */
function bitwise(
  lengthOf: (a: number, b: number) => number,
  combine: (a: number, b: number) => number,
): Operation {
  return (frame) => {
    const b = frame.popLater();
    if (b === undefined) return;
    const a = frame.popLater();
    if (a === undefined) return;
    const length = lengthOf(itemLength(a), itemLength(b));
    if (!frame.charge(length)) return;
    const [left, right] = [itemBytes(a), itemBytes(b)];
    const result = new Uint8Array(length);
    for (let i = 0; i < length; i++) result[i] = combine(left[i] ?? 0, right[i] ?? 0);
    frame.pushLater(itemOf(result));
  };
}

/** Pops two items and compares them; undefined when the frame failed. */
function popEqual(frame: Frame): boolean | undefined {
  const b = frame.popLater();
  if (b === undefined) return undefined;
  const a = frame.popLater();
  if (a === undefined) return undefined;
  if (!frame.charge(Math.min(itemLength(a), itemLength(b)))) return undefined;
  return itemsEqual(a, b);
}

export function byteOperations(): Operations {
  return {
    CAT: join(() => NOTHING),
    SUBSTR: substr,
    LEFT: end((bytes, size) => part(bytes, 0, size)),
    RIGHT: end((bytes, size) => part(bytes, bytes.length - size, bytes.length)),
    SIZE(frame) {
      if (frame.need(1)) frame.pushLater(itemLength(frame.peek(0)));
    },
    INVERT: invert,
    AND: bitwise(Math.min, (a, b) => a & b),
    OR: bitwise(Math.max, (a, b) => a | b),
    XOR: bitwise(Math.max, (a, b) => a ^ b),
    EQUAL(frame) {
      const equal = popEqual(frame);
      if (equal !== undefined) frame.pushBooleanLater(equal);
    },
    EQUALVERIFY(frame) {
      if (popEqual(frame) === false) frame.fail("verify-failed");
    },
    CATPUSHDATA: join(pushdataPrefix),
  };
}
