import { expect, it } from "vitest";
import assembleFile from "../../../vectors/bvm/assemble.json" with { type: "json" };
import edge from "../../../vectors/bvm/edge.json" with { type: "json" };
import ops1 from "../../../vectors/bvm/ops-1.json" with { type: "json" };
import ops2 from "../../../vectors/bvm/ops-2.json" with { type: "json" };
import mulfraction from "../../../vectors/bvm/vapor-mulfraction.json" with { type: "json" };
import { assemble, mainChainInstructions, sideChainInstructions } from "../src/index.ts";
import { toHex } from "../src/text.ts";
import { checkPrograms } from "./golden.ts";

it("runs the golden programs of the main chain", () => {
  for (const file of [ops1, ops2, edge]) checkPrograms(file, mainChainInstructions);
});

it("runs the golden programs of the side chain", () => {
  checkPrograms(mulfraction, sideChainInstructions);
});

it("assembles the golden texts", () => {
  for (const { asm, bytes } of assembleFile.vectors)
    if (bytes !== null) expect(toHex(assemble(asm))).toBe(bytes);
});
