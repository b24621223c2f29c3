/**
 * Arithmetic on signed 64-bit integers. Each operation has two forms: on numbers, exact as long as
 * the result is a safe integer, and on bigints for the rest.
 *
 * @see spec 20-bvm, section 6.5 "Numbers"
 */
import type { Frame } from "../frame.ts";
import { isInt64, MIN_INT64 } from "../int64.ts";
import { type Int, itemOfInt } from "../item.ts";
import type { Operation, Operations } from "./operation.ts";

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

function pushExact(frame: Frame, result: bigint | undefined): void {
  if (result === undefined) frame.fail("div-zero");
  else if (isInt64(result)) frame.pushLater(itemOfInt(result));
  else frame.fail("range");
}

/** x → result. A `quick` result that is not a safe integer is computed again. */
function unary(quick: (x: number) => number, exact: (x: bigint) => bigint): Operation {
  return (frame) => {
    const x = frame.popIntLater();
    if (x === undefined) return;
    if (typeof x === "number") {
      const result = quick(x);
      if (result >= -MAX_SAFE && result <= MAX_SAFE) return frame.pushLater(result);
    }
    pushExact(frame, exact(BigInt(x)));
  };
}

/** x y → result; `exact` gives undefined, and `quick` no number, for a division by zero. */
function binary(
  quick: (x: number, y: number) => number,
  exact: (x: bigint, y: bigint) => bigint | undefined,
): Operation {
  return (frame) => {
    const y = frame.popIntLater();
    if (y === undefined) return;
    const x = frame.popIntLater();
    if (x === undefined) return;
    if (typeof x === "number" && typeof y === "number") {
      const result = quick(x, y);
      if (result >= -MAX_SAFE && result <= MAX_SAFE) return frame.pushLater(result);
    }
    pushExact(frame, exact(BigInt(x), BigInt(y)));
  };
}

/** x → Boolean. */
function predicate(test: (x: Int) => boolean): Operation {
  return (frame) => {
    const x = frame.popIntLater();
    if (x !== undefined) frame.pushBooleanLater(test(x));
  };
}

/** x y → Boolean. Numbers and bigints compare by their value. */
function relation(test: (x: Int, y: Int) => boolean): Operation {
  return (frame) => {
    const y = frame.popIntLater();
    if (y === undefined) return;
    const x = frame.popIntLater();
    if (x === undefined) return;
    frame.pushBooleanLater(test(x, y));
  };
}

/** x y → the one that the test decides for. */
function choice(isFirst: (x: Int, y: Int) => boolean): Operation {
  return (frame) => {
    const y = frame.popIntLater();
    if (y === undefined) return;
    const x = frame.popIntLater();
    if (x === undefined) return;
    const chosen = isFirst(x, y) ? x : y;
    frame.pushLater(typeof chosen === "number" ? chosen : itemOfInt(chosen));
  };
}

/** p q → Boolean, of items of any length. */
function logical(test: (p: boolean, q: boolean) => boolean): Operation {
  return (frame) => {
    const q = frame.popLater();
    if (q === undefined) return;
    const p = frame.popLater();
    if (p === undefined) return;
    frame.pushBooleanLater(test(frame.isTrue(p), frame.isTrue(q)));
  };
}

const leftShift: Operation = (frame) => {
  const y = frame.popIntLater();
  if (y === undefined) return;
  if (y < 0) return frame.fail("bad-value");
  const x = frame.popIntLater();
  if (x === undefined) return;
  if (x === 0 || y === 0) return frame.pushLater(typeof x === "number" ? x : itemOfInt(x));
  if (y >= 64) return frame.fail("range");
  pushExact(frame, BigInt(x) << BigInt(y));
};

const rightShift: Operation = (frame) => {
  const y = frame.popIntLater();
  if (y === undefined) return;
  const x = frame.popIntLater();
  if (x === undefined) return;
  if (y < 0) return frame.fail("bad-value");
  if (y >= 64) return frame.pushLater(x < 0 ? -1 : 0);
  pushExact(frame, BigInt(x) >> BigInt(y));
};

const numEqualVerify: Operation = (frame) => {
  const y = frame.popIntLater();
  if (y === undefined) return;
  const x = frame.popIntLater();
  if (x !== undefined && x !== y) frame.fail("verify-failed");
};

const within: Operation = (frame) => {
  const max = frame.popIntLater();
  if (max === undefined) return;
  const min = frame.popIntLater();
  if (min === undefined) return;
  const x = frame.popIntLater();
  if (x !== undefined) frame.pushBooleanLater(min <= x && x < max);
};

/** x y z → x·y/z, truncated towards zero. */
export const mulFraction: Operation = (frame) => {
  const z = frame.popIntLater();
  if (z === undefined) return;
  if (z === 0) return frame.fail("div-zero");
  const y = frame.popIntLater();
  if (y === undefined) return;
  const x = frame.popIntLater();
  if (x === undefined) return;
  pushExact(frame, (BigInt(x) * BigInt(y)) / BigInt(z));
};

export function numberOperations(): Operations {
  return {
    "1ADD": unary(
      (x) => x + 1,
      (x) => x + 1n,
    ),
    "1SUB": unary(
      (x) => x - 1,
      (x) => x - 1n,
    ),
    "2MUL": unary(
      (x) => x * 2,
      (x) => x * 2n,
    ),
    "2DIV": unary(
      (x) => Math.floor(x / 2),
      (x) => x >> 1n,
    ),
    NEGATE: unary(
      (x) => 0 - x,
      (x) => -x,
    ),
    ABS: unary(Math.abs, (x) => (x < 0n ? -x : x)),
    NOT: predicate((x) => x === 0),
    "0NOTEQUAL": predicate((x) => x !== 0),
    ADD: binary(
      (x, y) => x + y,
      (x, y) => x + y,
    ),
    SUB: binary(
      (x, y) => x - y,
      (x, y) => x - y,
    ),
    // Adding zero turns -0 into 0.
    MUL: binary(
      (x, y) => x * y + 0,
      (x, y) => x * y,
    ),
    // The remainder of numbers is exact, their quotient is not.
    DIV: binary(
      (x, y) => (x - (x % y)) / y + 0,
      (x, y) => (y === 0n ? undefined : x / y),
    ),
    MOD: binary(floorModulus, exactFloorModulus),
    LSHIFT: leftShift,
    RSHIFT: rightShift,
    BOOLAND: logical((p, q) => p && q),
    BOOLOR: logical((p, q) => p || q),
    NUMEQUAL: relation((x, y) => x === y),
    NUMEQUALVERIFY: numEqualVerify,
    NUMNOTEQUAL: relation((x, y) => x !== y),
    LESSTHAN: relation((x, y) => x < y),
    GREATERTHAN: relation((x, y) => x > y),
    LESSTHANOREQUAL: relation((x, y) => x <= y),
    GREATERTHANOREQUAL: relation((x, y) => x >= y),
    MIN: choice((x, y) => x < y),
    MAX: choice((x, y) => x > y),
    WITHIN: within,
  };
}

/** The remainder with the sign of the divisor. */
function floorModulus(x: number, y: number): number {
  const remainder = x % y;
  if (remainder === 0) return 0;
  return remainder < 0 === y < 0 ? remainder : remainder + y;
}

function exactFloorModulus(x: bigint, y: bigint): bigint | undefined {
  if (y === 0n) return undefined;
  // The quotient, which nobody asked for, leaves 64 bits: the chain counts that as a failure.
  if (x === MIN_INT64 && y === -1n) return -MIN_INT64;
  const remainder = x % y;
  return remainder === 0n || remainder < 0n === y < 0n ? remainder : remainder + y;
}
