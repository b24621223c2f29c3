import { assemble, disassemble } from "@bystack/bvm";
import { bytes, codeOf, equal, list, object, text, thrownBy, toCode } from "../check.ts";
import type { Handler } from "../runner.ts";

/** Text to bytes. */
export const assembly: Handler = (file, context) => {
  for (const [index, item] of list(object(file, "file")["vectors"], "vectors").entries()) {
    context.check(`#${index}`, () => {
      const { asm, bytes: program, err } = object(item, "case");
      const source = text(asm, "asm");
      if (err === null) equal(assemble(source), bytes(program, "bytes"), "bytes");
      else equal(codeOf(thrownBy(() => assemble(source), source)), toCode(text(err, "err")), "err");
    });
  }
};

/** Bytes to text. */
export const disassembly: Handler = (file, context) => {
  for (const [index, item] of list(object(file, "file")["vectors"], "vectors").entries()) {
    context.check(`#${index}`, () => {
      const { asm, bytes: hex, err } = object(item, "case");
      const program = bytes(hex, "bytes");
      if (err === null) equal(disassemble(program), text(asm, "asm"), "asm");
      else
        equal(
          codeOf(thrownBy(() => disassemble(program), "bytes")),
          toCode(text(err, "err")),
          "err",
        );
    });
  }
};
