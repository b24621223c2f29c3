import {
  assemble,
  int64Bytes,
  Machine,
  sideChainInstructions,
  sideChainOpcodes,
} from "@bystack/bvm";
import { bytes, equal, ifPresent, integer, list, object, text, UnreadableCase } from "../check.ts";
import type { Handler } from "../runner.ts";

/** The reference's messages for what can go wrong with three numbers on the stack. */
const codes: ReadonlyMap<string, string> = new Map([
  ["division by zero", "div-zero"],
  ["range error", "range"],
]);

const GAS = 10_000n;
const context = { vmVersion: 1n, entryId: new Uint8Array(32) };

/** Products and quotients of the side chain's own opcode. */
export const opMulfraction: Handler = (file, { check }) => {
  for (const [index, item] of list(file, "file").entries()) {
    check(`#${index}`, () => {
      const fields = object(item, "case");
      const program = bytes(fields["program"], "program");
      const [x, y, z] = ["x", "y", "z"].map((name) => integer(fields[name], name));
      equal(assemble(`${x} ${y} ${z} MULFRACTION`, sideChainOpcodes), program, "program");
      const options = { instructionSet: sideChainInstructions };
      const machine = new Machine(program, [], context, GAS, options);
      const { error } = machine.run();
      const failed = error === undefined || error === "false-vm-result" ? null : error;
      equal(failed, expectedCode(fields["error"]), "error");
      const top = machine.dataStack.at(-1);
      ifPresent(fields, "stack_top", (hex) => equal(top, bytes(hex, "stack_top"), "stack_top"));
      ifPresent(fields, "result", (value) =>
        equal(top, int64Bytes(integer(value, "result")), "result"),
      );
    });
  }
};

function expectedCode(message: unknown): string | null {
  if (message === null) return null;
  const code = codes.get(text(message, "error"));
  if (code === undefined) throw new UnreadableCase(`error ${message}`);
  return code;
}
