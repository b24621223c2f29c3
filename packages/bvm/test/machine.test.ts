import { describe, expect, it } from "vitest";
import {
  assemble,
  type Context,
  checkOutputAmong,
  type ExecuteOptions,
  type Execution,
  execute,
  MAX_RUN_LIMIT,
  Machine,
} from "../src/index.ts";
import { toHex } from "../src/text.ts";
import { hex } from "./golden.ts";

const context: Context = { vmVersion: 1n, entryId: new Uint8Array(32), txVersion: 1n };

function run(text: string, limit = 10_000n, options?: ExecuteOptions): Execution {
  return execute(assemble(text), [], context, limit, options);
}

describe("run limit", () => {
  it("must be one that keeps gas exact", () => {
    expect(() => run("1", -1n)).toThrow(RangeError);
    expect(() => run("1", MAX_RUN_LIMIT + 1n)).toThrow(RangeError);
    expect(run("1", MAX_RUN_LIMIT).gasLeft).toBe(MAX_RUN_LIMIT - 10n);
  });

  it("is untouched by a machine version that does not exist", () => {
    const { gasLeft, error } = execute(hex("51"), [], { ...context, vmVersion: 2n }, 77n);
    expect([gasLeft, error]).toEqual([77n, "unsupported-vm"]);
  });
});

describe("runs without an end", () => {
  // Each round leaves more gas than it found: spec 20-bvm, section 10.2.
  const endless = `$x 0 0xc4 1 CHECKPREDICATE DROP JUMP:$x ${"NOP ".repeat(68)}`;

  it("are stopped by the limit on instructions, predicates included", () => {
    const { error, gasLeft, steps } = run(endless, 1000n, { maxSteps: 60_000 });
    expect([error, gasLeft, steps]).toEqual(["unexpected", 0n, 60_000]);
  });

  it("are stopped by default", () => {
    expect(run(endless, 1000n).error).toBe("unexpected");
  });

  it("are stopped before they buy memory with the gas that they create", () => {
    const padding = `0x${"00".repeat(30_000)}`;
    const { error, steps } = run(`$x 0 0xc4 1 CHECKPREDICATE DROP JUMP:$x ${padding}`, 1000n);
    expect(error).toBe("unexpected");
    expect(steps).toBeLessThan(10_000);
  });

  it("may create gas up to that limit", () => {
    const program = `0 0xc4 1 CHECKPREDICATE NOT JUMP:$end ${"NOP ".repeat(68)} $end`;
    const { error, gasLeft } = run(program, 2000n);
    expect(error).toBeUndefined();
    expect(gasLeft).toBeGreaterThan(2000n - 20n);
  });
});

describe("loops over much data for little gas", () => {
  const zeros = new Uint8Array(160_000);

  it.each([
    ["truth of long items", "$x DUP JUMPIF:$x JUMP:$x", [zeros]],
    ["moves of deep items", "$x 30000 ROLL JUMP:$x", Array(30_001).fill(zeros.subarray(0, 0))],
    ["copies", "$x DUP 'a' CAT DROP JUMP:$x", [zeros]],
  ])("%s", (_name, text, args) => {
    const { error, steps } = execute(assemble(text), args, context, 640_000n);
    expect([error, steps > 90_000]).toEqual(["run-limit-exceeded", true]);
  });
});

describe("predicates", () => {
  it("nest as deep as gas reaches", () => {
    const { error, steps } = run("0 PROGRAM 0 CHECKPREDICATE", 3_000_000n);
    expect(error).toBe("false-vm-result");
    expect(steps).toBeGreaterThan(20_000);
  });

  it("tell how they ended", () => {
    const ends: unknown[] = [];
    run("5 1 'Q' 0 CHECKPREDICATE 0 0x6a 0 CHECKPREDICATE", 10_000n, {
      onPredicateEnd: ({ depth, isValid, error, dataStack }) =>
        ends.push([depth, isValid, error, dataStack.map(toHex)]),
    });
    expect(ends).toEqual([
      [1, true, undefined, ["05", "01"]],
      [1, false, "return", []],
    ]);
  });
});

describe("what functions of the context throw", () => {
  it("ends the run and is kept as cause", () => {
    const cause = new Error("disk on fire");
    const broken: Context = {
      ...context,
      signatureHash() {
        throw cause;
      },
    };
    expect(execute(assemble("TXSIGHASH"), [], broken, 1000n)).toEqual({
      gasLeft: 0n,
      error: "unexpected",
      steps: 1,
      cause,
    });
  });
});

describe("value semantics", () => {
  it("leaves arguments and program as they were", () => {
    const buffer = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    const args = [buffer.subarray(0, 4), buffer.subarray(4, 8)];
    const program = assemble("2DUP CAT INVERT DROP OVER 2 LEFT 'Z' CAT 3 ROLL INVERT");
    const before = [toHex(program), toHex(buffer)];
    execute(program, args, context, 1000n);
    expect([toHex(program), toHex(buffer)]).toEqual(before);
  });
});

describe("numbers beyond the safe integers", () => {
  it.each([
    ["9007199254740991 1ADD 9007199254740992 NUMEQUAL", undefined],
    ["9007199254740993 9007199254740992 GREATERTHAN", undefined],
    ["9007199254740993 9007199254740992 NUMEQUAL", "false-vm-result"],
    ["9007199254740992 1SUB 0xffffffffffff1f EQUAL", undefined],
    ["3037000500 DUP MUL", "range"],
    ["-3037000499 3037000499 MUL -9223372030926249001 NUMEQUAL", undefined],
    ["-9223372036854775808 -1 DIV", "range"],
    ["-9223372036854775808 -1 MOD", "range"],
    ["-9223372036854775807 2 MOD 1 NUMEQUAL", undefined],
    ["9007199254740993 -2 MOD -1 NUMEQUAL", undefined],
    ["-7 2 DIV -3 NUMEQUAL", undefined],
    ["-7 2 MOD 1 NUMEQUAL", undefined],
    ["0 -5 MUL 0 EQUAL", undefined],
    ["-4 5 DIV 0 EQUAL", undefined],
    ["-4 2 MOD 0 EQUAL", undefined],
    ["1 62 LSHIFT 1 LSHIFT", "range"],
    ["-1 63 LSHIFT -9223372036854775808 NUMEQUAL", undefined],
    ["-9223372036854775808 ABS", "range"],
    ["-9223372036854775808 63 RSHIFT -1 NUMEQUAL", undefined],
    ["5 9223372036854775807 RSHIFT 0 NUMEQUAL", undefined],
    ["9223372036854775807 9223372036854775806 MAX 9223372036854775807 EQUAL", undefined],
    ["1 0 DIV", "div-zero"],
    ["9223372036854775807 0 MOD", "div-zero"],
    ["0x010000000000000000 0 DIV", "bad-value"],
  ])("%s", (text, error) => expect(run(text).error).toBe(error));
});

describe("checkOutputAmong", () => {
  const [assetId, program] = [new Uint8Array(32), Uint8Array.of(0x51)];
  const check = checkOutputAmong([
    { type: "output", assetId, amount: 5n, vmVersion: 1n, program },
    { type: "retirement", assetId, amount: 6n },
    { type: "other" },
    { type: "missing" },
  ]);
  const query = { index: 0n, assetId, amount: 5n, vmVersion: 1n, program, expansion: false };
  const retired = { ...query, index: 1n, amount: 6n, vmVersion: 0n };

  it.each([
    ["an equal output", query, true],
    ["another amount", { ...query, amount: 6n }, false],
    ["another program", { ...query, program: Uint8Array.of(0x52) }, false],
    ["another asset", { ...query, assetId: new Uint8Array(31) }, false],
    ["a retirement with a program", retired, false],
    ["a retirement without one", { ...retired, program: new Uint8Array(0) }, true],
    ["a retirement with any, as expansion", { ...retired, expansion: true }, true],
    ["a cross-chain output", { ...query, index: 2n }, "context"],
    ["a missing entry", { ...query, index: 3n }, "missing-entry"],
    ["an index behind the last", { ...query, index: 4n }, "bad-value"],
    ["an index beyond all", { ...query, index: 2n ** 63n - 1n }, "bad-value"],
  ])("%s", (_name, question, answer) => expect(check(question)).toBe(answer));
});

it("steps to where run ends", () => {
  const program = assemble("1 2 ADD 3 NUMEQUAL");
  const machine = new Machine(program, [], context, 1000n);
  const places: number[] = [];
  while (!machine.isDone) {
    places.push(machine.pc);
    machine.step();
  }
  machine.step();
  expect(places).toEqual([0, 1, 2, 3, 4, 5]);
  expect(machine.execution).toEqual(execute(program, [], context, 1000n));
});
