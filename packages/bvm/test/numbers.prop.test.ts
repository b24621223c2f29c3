import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Machine,
  mainChainOpcodes,
  parseInt64,
  pushdataInt,
  sideChainInstructions,
} from "../src/index.ts";
import { concat } from "./arbitraries.ts";

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);

const value = fc.oneof(
  fc.bigInt(MIN, MAX),
  fc.bigInt(-70n, 70n),
  fc.constantFrom(
    0n,
    -1n,
    MIN,
    MIN + 1n,
    MAX,
    MAX - 1n,
    2n ** 53n,
    -(2n ** 53n),
    2n ** 53n - 1n,
    2n ** 31n,
    3037000500n,
  ),
);

/** The specification's table, on bigints; a string is a fault. */
const model: { readonly [name: string]: (x: bigint, y: bigint) => bigint | boolean | string } = {
  ADD: (x, y) => x + y,
  SUB: (x, y) => x - y,
  MUL: (x, y) => x * y,
  DIV: (x, y) => (y === 0n ? "div-zero" : x / y),
  MOD: (x, y) => {
    if (y === 0n) return "div-zero";
    if (x === MIN && y === -1n) return "range";
    return ((x % y) + y) % y;
  },
  LSHIFT: (x, y) => {
    if (y < 0n) return "bad-value";
    if (x === 0n) return 0n;
    return y >= 64n ? "range" : x * 2n ** y;
  },
  RSHIFT: (x, y) => {
    if (y < 0n) return "bad-value";
    return x >> (y < 64n ? y : 64n);
  },
  NUMEQUAL: (x, y) => x === y,
  NUMNOTEQUAL: (x, y) => x !== y,
  LESSTHAN: (x, y) => x < y,
  GREATERTHAN: (x, y) => x > y,
  LESSTHANOREQUAL: (x, y) => x <= y,
  GREATERTHANOREQUAL: (x, y) => x >= y,
  MIN: (x, y) => (x - y < 0n ? x : y),
  MAX: (x, y) => (x - y > 0n ? x : y),
  BOOLAND: (x, y) => x !== 0n && y !== 0n,
  BOOLOR: (x, y) => x !== 0n || y !== 0n,
};

const unaryModel: { readonly [name: string]: (x: bigint) => bigint | boolean } = {
  "1ADD": (x) => x + 1n,
  "1SUB": (x) => x - 1n,
  "2MUL": (x) => 2n * x,
  "2DIV": (x) => (x - (((x % 2n) + 2n) % 2n)) / 2n,
  NEGATE: (x) => -x,
  ABS: (x) => (x < 0n ? -x : x),
  NOT: (x) => x === 0n,
  "0NOTEQUAL": (x) => x !== 0n,
};

function calculate(name: string, operands: readonly bigint[]): bigint | string {
  const opcode = name === "MULFRACTION" ? 0xa6 : (mainChainOpcodes.byName.get(name)?.code ?? -1);
  const program = concat([...operands.map(pushdataInt), Uint8Array.of(opcode)]);
  const context = { vmVersion: 1n, entryId: new Uint8Array(32) };
  const options = { instructionSet: sideChainInstructions };
  const machine = new Machine(program, [], context, 1000n, options);
  const { error } = machine.run();
  if (error !== undefined && error !== "false-vm-result") return error;
  const [result, ...rest] = machine.dataStack;
  expect(rest).toEqual([]);
  return result === undefined ? "nothing" : parseInt64(result);
}

function expected(result: bigint | boolean | string): bigint | string {
  if (typeof result === "boolean") return result ? 1n : 0n;
  if (typeof result === "string") return result;
  return result < MIN || result > MAX ? "range" : result;
}

describe("arithmetic is that of the specification's table", () => {
  it.each(Object.keys(model))("%s", (name) => {
    fc.assert(
      fc.property(value, value, (x, y) => {
        const result = model[name]?.(x, y) ?? "";
        expect(calculate(name, [x, y])).toBe(expected(result));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(Object.keys(unaryModel))("%s", (name) => {
    fc.assert(
      fc.property(value, (x) => {
        expect(calculate(name, [x])).toBe(expected(unaryModel[name]?.(x) ?? ""));
      }),
    );
  });

  it("MULFRACTION", () => {
    fc.assert(
      fc.property(value, value, value, (x, y, z) => {
        const result = z === 0n ? "div-zero" : (x * y) / z;
        expect(calculate("MULFRACTION", [x, y, z])).toBe(expected(result));
      }),
    );
  });

  it("WITHIN", () => {
    fc.assert(
      fc.property(value, value, value, (x, min, max) => {
        expect(calculate("WITHIN", [x, min, max])).toBe(expected(min <= x && x < max));
      }),
    );
  });
});
