import {
  assemble,
  type InstructionSet,
  mainChainInstructions,
  sideChainInstructions,
} from "@bystack/bvm";
import { bytes, equal, ifPresent, list, object, text } from "../check.ts";
import type { Handler } from "../runner.ts";
import { readContext } from "./context.ts";
import { checkRun, type ResultFields, readArguments, readLimit } from "./outcome.ts";

/** Files of programs with a context for all of them, or one of their own. */
function programs(instructionSet: InstructionSet, names?: ResultFields): Handler {
  return (file, context) => {
    const { vectors, context: shared } = object(file, "file");
    for (const [index, item] of list(vectors, "vectors").entries()) {
      context.check(`#${index}`, () => {
        const fields = object(item, "case");
        const program = bytes(fields["prog"], "prog");
        ifPresent(fields, "asm", (asm) =>
          equal(assemble(text(asm, "asm"), instructionSet.opcodes), program, "asm"),
        );
        checkRun(
          {
            program,
            args: readArguments(fields),
            context: readContext(object(fields["ctx"] ?? shared ?? {}, "context"), fields["txv"]),
            limit: readLimit(fields),
            instructionSet,
          },
          fields,
          names,
        );
      });
    }
  };
}

export const mainChainPrograms: Handler = programs(mainChainInstructions);
export const sideChainPrograms: Handler = programs(sideChainInstructions);

/** Programs whose result depends on shared buffers in the reference; ours has value semantics. */
export const aliasing: Handler = programs(mainChainInstructions, {
  error: "err",
  data: "value_data",
});

/** The same with arguments out of a transaction's bytes. */
export const aliasingTransactions: Handler = programs(mainChainInstructions, {
  error: "err_with_copied_arguments",
  data: "data_with_copied_arguments",
});
