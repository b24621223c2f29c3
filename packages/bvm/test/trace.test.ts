import { expect, it } from "vitest";
import { assemble, type Context, execute, formatTraceStep, trace } from "../src/index.ts";
import { hex } from "./golden.ts";

const context: Context = { vmVersion: 1n, entryId: new Uint8Array(32), txVersion: 1n };

it("shows each instruction, predicates and the end", () => {
  const program = assemble(
    "3 TOALTSTACK 5 1 'v' 0 CHECKPREDICATE VERIFY 0x6a 0 SWAP 0 CHECKPREDICATE",
  );
  const lines = [...trace(program, [hex("0a0b")], context, 1000n)].map(formatTraceStep);
  expect(lines).toEqual([
    "   0  3 0x03                  gas 990  [0a0b]",
    "   1  TOALTSTACK              gas 980  [0a0b 03]",
    "   2  5 0x05                  gas 978  [0a0b]  alt [03]",
    "   3  1 0x01                  gas 968  [0a0b 05]  alt [03]",
    "   4  DATA_1 0x76             gas 958  [0a0b 05 01]  alt [03]",
    "   6  FALSE                   gas 948  [0a0b 05 01 76]  alt [03]",
    "   7  CHECKPREDICATE          gas 939  [0a0b 05 01 76 '']  alt [03]",
    "     0  DUP                     gas 683  [05]",
    "        true                    gas 673  [05 05]",
    "   8  VERIFY                  gas 900  [0a0b 01]  alt [03]",
    "   9  DATA_1 0x6a             gas 908  [0a0b]  alt [03]",
    "  11  FALSE                   gas 898  [0a0b 6a]  alt [03]",
    "  12  SWAP                    gas 889  [0a0b 6a '']  alt [03]",
    "  13  FALSE                   gas 888  [0a0b '' 6a]  alt [03]",
    "  14  CHECKPREDICATE          gas 879  [0a0b '' 6a '']  alt [03]",
    "     0  FAIL                    gas 623  []",
    "        false return            gas 622  []",
    " end  false-vm-result         gas 831  [0a0b '']  alt [03]",
  ]);
});

it("shows the instruction that cannot be decoded", () => {
  const steps = [...trace(hex("514c"), [], context, 1000n)];
  expect(steps.map(formatTraceStep)).toEqual([
    "   0  1 0x01                  gas 1000  []",
    "   1  PUSHDATA1               gas 990  [01]",
    " end  short-program           gas 990  [01]",
  ]);
});

it("returns what execute returns", () => {
  const program = assemble("1 2 ADD");
  const run = trace(program, [], context, 1000n);
  let next = run.next();
  while (!next.done) next = run.next();
  expect(next.value).toEqual(execute(program, [], context, 1000n));
});
