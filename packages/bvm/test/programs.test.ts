import { describe, expect, it } from "vitest";
import aliasing from "../../../vectors/bvm/aliasing.json" with { type: "json" };
import edge from "../../../vectors/bvm/edge.json" with { type: "json" };
import ops1 from "../../../vectors/bvm/ops-1.json" with { type: "json" };
import ops2 from "../../../vectors/bvm/ops-2.json" with { type: "json" };
import random1 from "../../../vectors/bvm/random-1.json" with { type: "json" };
import random2 from "../../../vectors/bvm/random-2.json" with { type: "json" };
import mulfraction from "../../../vectors/bvm/vapor-mulfraction.json" with { type: "json" };
import {
  assemble,
  type InstructionSet,
  mainChainInstructions,
  mainChainOpcodes,
  sideChainInstructions,
  sideChainOpcodes,
} from "../src/index.ts";
import { toHex } from "../src/text.ts";
import { checkPrograms, type ProgramFile } from "./golden.ts";

const files: readonly (readonly [string, ProgramFile, InstructionSet])[] = [
  ["ops-1", ops1, mainChainInstructions],
  ["ops-2", ops2, mainChainInstructions],
  ["edge", edge, mainChainInstructions],
  ["random-1", random1, mainChainInstructions],
  ["random-2", random2, mainChainInstructions],
  ["aliasing, value semantics", aliasing, mainChainInstructions],
  ["vapor-mulfraction", mulfraction, sideChainInstructions],
];

describe("golden programs", () => {
  it.each(files)("%s", (_name, file, instructionSet) => checkPrograms(file, instructionSet));
});

it("assembles the texts of the edge cases to their programs", () => {
  for (const { prog, asm } of edge.vectors)
    if (asm !== undefined) expect(toHex(assemble(asm))).toBe(prog);
});

describe("opcode tables", () => {
  it("differ in MULFRACTION alone", () => {
    const differing = mainChainOpcodes.byCode.filter(
      (info, code) => sideChainOpcodes.byCode[code]?.name !== info.name,
    );
    expect(differing.map(({ name }) => name)).toEqual(["NOPxa6"]);
    expect(sideChainOpcodes.byCode[0xa6]?.name).toBe("MULFRACTION");
  });

  it("have 256 entries with names of their own", () => {
    for (const { byCode, byName } of [mainChainOpcodes, sideChainOpcodes]) {
      expect(byCode.map(({ code }) => code)).toEqual(Array.from({ length: 256 }, (_, i) => i));
      expect(byName.size).toBe(256);
    }
  });

  it("know the expansion opcodes of the specification", () => {
    const expansion = mainChainOpcodes.byCode.filter(({ group }) => group === "expansion");
    const codes = [0x50, 0x62, 0x65, 0x66, 0x67, 0x68, 0x8a, 0xa6, 0xa7, 0xa9, 0xaf];
    for (let code = 0xb0; code <= 0xbf; code++) codes.push(code);
    codes.push(0xc5, 0xc6, 0xc7, 0xc8, 0xcc);
    for (let code = 0xce; code <= 0xff; code++) codes.push(code);
    expect(expansion.map(({ code }) => code)).toEqual(codes);
  });
});
