import { expect, it } from "vitest";
import assembleFile from "../../../vectors/bvm/assemble.json" with { type: "json" };
import disassembleFile from "../../../vectors/bvm/disassemble.json" with { type: "json" };
import { assemble, disassemble } from "../src/index.ts";
import { fromHex, toHex } from "../src/text.ts";

const codeOf = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
it("assemble", () => {
  for (const { asm, bytes, err } of assembleFile.vectors) {
    let got: unknown;
    let error: unknown = null;
    try {
      got = toHex(assemble(asm));
    } catch (e) {
      error = (e as { code: string }).code;
      got = null;
    }
    expect([asm, got, error]).toEqual([asm, bytes, err === null ? null : codeOf(err)]);
  }
});
it("disassemble", () => {
  for (const { asm, bytes, err } of disassembleFile.vectors) {
    let got: unknown;
    let error: unknown = null;
    try {
      got = disassemble(fromHex(bytes)!);
    } catch (e) {
      error = (e as { code: string }).code;
      got = null;
    }
    expect([bytes, got, error]).toEqual([bytes, asm, err === null ? null : codeOf(err)]);
  }
});
