import { verify } from "@bystack/crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import edge from "../../../vectors/bvm/edge.json" with { type: "json" };
import ops1 from "../../../vectors/bvm/ops-1.json" with { type: "json" };
import ops2 from "../../../vectors/bvm/ops-2.json" with { type: "json" };
import random1 from "../../../vectors/bvm/random-1.json" with { type: "json" };
import random2 from "../../../vectors/bvm/random-2.json" with { type: "json" };
import { type Context, Machine, mainChain, sideChain, type Verify } from "../src/index.ts";
import { toHex } from "../src/text.ts";
import * as any from "./arbitraries.ts";
import { type ContextFields, contextOf, errorCode, hex, type ProgramFile } from "./golden.ts";
import { type ModelResult, runModel, TooLong } from "./model.ts";

const MAX_STEPS = 5000;
/** A campaign sets it: `BVM_MODEL_RUNS=1000000 vitest run packages/bvm/test/model`. */
const RUNS = Number(process.env["BVM_MODEL_RUNS"] ?? 1000);

/** Milliseconds: a campaign takes its time. */
const TIMEOUT = 60_000 + 5 * RUNS;

const files: readonly ProgramFile[] = [ops1, ops2, random1, random2, edge];
const shared: ContextFields = ops1.context;
const golden = files.flatMap(({ vectors }) => vectors);

const plain = ({ gasLeft, error, data, alt }: ModelResult) => ({
  gasLeft,
  error,
  data: data.map(toHex),
  alt: alt.map(toHex),
});

interface Input {
  readonly code: Uint8Array;
  readonly args: readonly Uint8Array[];
  readonly context: Context;
  readonly limit: bigint;
  readonly isSideChain: boolean;
  readonly verify: Verify;
}

function compare({ code, args, context, limit, isSideChain, verify }: Input): void {
  let expected: ModelResult;
  try {
    expected = runModel(code, args, context, limit, { verify, isSideChain, maxSteps: MAX_STEPS });
  } catch (error) {
    if (error instanceof TooLong) return;
    throw error;
  }
  const instructionSet = (isSideChain ? sideChain : mainChain).instructions;
  const machine = new Machine(code, args, context, limit, { verify, instructionSet });
  const { gasLeft, error } = machine.run();
  const actual = { gasLeft, error, data: machine.dataStack, alt: machine.altStack };
  expect(plain(actual)).toEqual(plain(expected));
}

/** Nothing in common with real signatures, but true and false are both frequent. */
const parity: Verify = (message, signature, publicKey) =>
  ((message[0] ?? 0) + (signature[0] ?? 0) + (publicKey[0] ?? 0)) % 2 === 0;

it("the literal model runs the golden programs", () => {
  for (const { prog, args, gas, txv, ctx, err, left, data, alt } of golden) {
    if (ctx !== undefined && ctx.vm_version !== "1") continue;
    const options = { verify, isSideChain: false, maxSteps: 20 * MAX_STEPS };
    const context = contextOf(ctx ?? shared, txv);
    const result = runModel(hex(prog), args.map(hex), context, BigInt(gas), options);
    const expected = { gasLeft: BigInt(left), error: errorCode(err), data, alt };
    expect({ prog, ...plain(result) }).toEqual({ prog, ...expected });
  }
});

it("the machine agrees with it on any program", { timeout: TIMEOUT }, () => {
  const code = fc.oneof({ weight: 4, arbitrary: any.program }, fc.uint8Array({ maxLength: 60 }));
  fc.assert(
    fc.property(
      fc.record({
        code,
        args: any.args,
        context: any.context,
        limit: any.limit,
        isSideChain: fc.boolean(),
        verify: fc.constant(parity),
      }),
      compare,
    ),
    { numRuns: RUNS },
  );
});

it("the machine agrees with it on changed golden programs", { timeout: TIMEOUT }, () => {
  const edit = fc.tuple(fc.nat(200), fc.constantFrom("set", "insert", "cut"), fc.nat(255));
  const input = fc
    .record({
      vector: fc.constantFrom(...golden),
      edits: fc.array(edit, { maxLength: 4 }),
      args: fc.option(any.args),
      gas: fc.option(any.limit),
      isSideChain: fc.boolean(),
    })
    .map(({ vector, edits, args, gas, isSideChain }): Input => {
      const bytes = [...hex(vector.prog)];
      for (const [place, kind, byte] of edits) {
        const index = place % (bytes.length + 1);
        if (kind === "insert") bytes.splice(index, 0, byte);
        else bytes.splice(index, 1, ...(kind === "set" ? [byte] : []));
      }
      return {
        code: Uint8Array.from(bytes),
        args: args ?? vector.args.map(hex),
        context: contextOf(shared, vector.txv),
        limit: gas ?? BigInt(vector.gas),
        isSideChain,
        verify: parity,
      };
    });
  fc.assert(fc.property(input, compare), { numRuns: RUNS });
});
