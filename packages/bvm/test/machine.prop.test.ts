import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Context,
  execute,
  type FaultCode,
  Machine,
  parseProgram,
  sideChainInstructions,
  trace,
} from "../src/index.ts";
import { args, context, limit, program } from "./arbitraries.ts";

const MAX_STEPS = 20_000;
const CHECKPREDICATE = 0xc0;

const FAULTS: ReadonlySet<FaultCode | undefined> = new Set<FaultCode | undefined>([
  undefined,
  "alt-stack-underflow",
  "bad-value",
  "context",
  "data-stack-underflow",
  "disallowed-opcode",
  "div-zero",
  "false-vm-result",
  "missing-entry",
  "overflow",
  "range",
  "return",
  "run-limit-exceeded",
  "short-program",
  "unexpected",
  "verify-failed",
]);

const anyProgram = fc.oneof(program, fc.uint8Array({ maxLength: 200 }));

function check(body: (machine: Machine, rebuild: () => Machine) => void): void {
  fc.assert(
    fc.property(
      anyProgram,
      args,
      context,
      limit,
      fc.boolean(),
      (code, args, context, limit, side) => {
        const options = {
          maxSteps: MAX_STEPS,
          verify: (message: Uint8Array, signature: Uint8Array) => message[0] === signature[0],
          ...(side ? { instructionSet: sideChainInstructions } : {}),
        };
        const build = () => new Machine(code, args, context, limit, options);
        body(build(), build);
      },
    ),
    { numRuns: 1000 },
  );
}

describe("any program", () => {
  it("ends within the guard, with a result or a known fault, and gas is never negative", () => {
    check((machine) => {
      const { gasLeft, error, steps, cause } = machine.run();
      expect(cause).toBeUndefined();
      expect(FAULTS.has(error)).toBe(true);
      expect(gasLeft >= 0n).toBe(true);
      expect(steps <= MAX_STEPS).toBe(true);
    });
  });

  it("never holds negative gas on the way", () => {
    check((machine) => {
      while (!machine.isDone) {
        machine.step();
        expect(machine.runLimit >= 0n).toBe(true);
      }
    });
  });

  it("ends the same when it is stepped", () => {
    check((machine, rebuild) => {
      const stepped = rebuild();
      while (!stepped.isDone) stepped.step();
      expect(stepped.execution).toEqual(machine.run());
      expect(stepped.dataStack).toEqual(machine.dataStack);
      expect(stepped.altStack).toEqual(machine.altStack);
    });
  });
});

it("a trace ends as execute does", () => {
  fc.assert(
    fc.property(anyProgram, args, context, limit, (code, args, context, limit) => {
      const options = { maxSteps: 2000 };
      const steps = [...trace(code, args, context, limit, options)];
      const last = steps.at(-1);
      const execution = execute(code, args, context, limit, options);
      expect(last?.type === "end" ? last.execution : undefined).toEqual(execution);
      expect(last?.runLimit).toBe(execution.gasLeft);
      expect(steps.filter(({ type }) => type === "instruction").length).toBeGreaterThanOrEqual(
        execution.steps,
      );
    }),
    { numRuns: 300 },
  );
});

it("without predicates no gas appears: what is left and what items hold is at most the limit", () => {
  const context: Context = { vmVersion: 1n, entryId: new Uint8Array(32), txVersion: 0n };
  const flat = program.filter((code) => !hasPredicate(code));
  fc.assert(
    fc.property(flat, args, limit, (code, args, limit) => {
      const machine = new Machine(code, args, context, limit, { maxSteps: MAX_STEPS });
      const { gasLeft, error } = machine.run();
      fc.pre(error === undefined || error === "false-vm-result");
      const held = [...machine.dataStack, ...machine.altStack].map(({ length }) => 8 + length);
      const total = held.reduce((sum, cost) => sum + BigInt(cost), gasLeft);
      expect(total <= limit).toBe(true);
    }),
    { numRuns: 300 },
  );
});

function hasPredicate(code: Uint8Array): boolean {
  try {
    return parseProgram(code).some(({ opcode }) => opcode === CHECKPREDICATE);
  } catch {
    return true;
  }
}
