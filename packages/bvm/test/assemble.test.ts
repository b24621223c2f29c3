import { describe, expect, it } from "vitest";
import assembleFile from "../../../vectors/bvm/assemble.json" with { type: "json" };
import disassembleFile from "../../../vectors/bvm/disassemble.json" with { type: "json" };
import {
  assemble,
  BvmError,
  disassemble,
  formatInstructions,
  mainChain,
  sideChainOpcodes,
} from "../src/index.ts";
import { toHex } from "../src/text.ts";
import { errorCode, hex } from "./golden.ts";

/** The result of an action, or the code of its error. */
function outcome(action: () => string): string {
  try {
    return action();
  } catch (error) {
    if (error instanceof BvmError) return error.code;
    throw error;
  }
}

it("assembles the golden texts", () => {
  for (const { asm, bytes, err } of assembleFile.vectors)
    expect([asm, outcome(() => toHex(assemble(asm)))]).toEqual([asm, bytes ?? errorCode(err)]);
});

it("disassembles the golden programs", () => {
  for (const { asm, bytes, err } of disassembleFile.vectors)
    expect([bytes, outcome(() => disassemble(hex(bytes)))]).toEqual([bytes, asm ?? errorCode(err)]);
});

describe("assemble", () => {
  it("names the place and the token", () => {
    expect(() => assemble("1 2 ADDD")).toThrow(
      expect.objectContaining({ name: "BvmError", code: "token", position: 4, subject: "ADDD" }),
    );
    expect(() => assemble("1 JUMP:$nowhere 2")).toThrow(
      expect.objectContaining({ code: "label-undefined", position: 2 }),
    );
  });

  it.each([
    ["0x1 'open", "bad-hex"],
    ["$a $a 'open", "label-redefined"],
    ["JUMP:x 'open", "bad-jump-address"],
    [`0x1 ${"a".repeat(65535)}`, "bad-hex"],
    ["JUMP:$a 'open", "token"],
    ["JUMP:$a 0x1", "bad-hex"],
  ])("reports the first problem of %.20s", (text, code) => {
    expect(outcome(() => toHex(assemble(text)))).toBe(code);
  });

  it("takes a hex literal of 32766 bytes and no longer one", () => {
    expect(assemble(`0x${"00".repeat(32766)}`)).toHaveLength(32766 + 3);
    expect(outcome(() => toHex(assemble(`0x${"00".repeat(32767)}`)))).toBe("token-too-long");
    expect(outcome(() => toHex(assemble(`'${"a".repeat(65533)}'`)))).toBe("token-too-long");
  });

  it("takes Unicode white space between tokens", () => {
    expect(toHex(assemble("\u00a01\u20032\u3000ADD\u0085"))).toBe("515293");
  });

  it("keeps white space and escaped quotes in a string", () => {
    expect(toHex(assemble("'a \\' b'"))).toBe("056120272062");
  });

  it("stays fast on long texts", () => {
    expect(assemble("1 ".repeat(200_000))).toHaveLength(200_000);
    expect(outcome(() => toHex(assemble(`'${"\\a".repeat(1_000_000)}`)))).toBe("token");
    expect(outcome(() => toHex(assemble("9".repeat(60_000))))).toBe("token");
    expect(outcome(() => toHex(assemble(`${"0".repeat(60_000)}x`)))).toBe("token");
    expect(toHex(assemble(`-${"0".repeat(60_000)}17 ${"0".repeat(60_000)}`))).toBe(
      "08efffffffffffffff00",
    );
  });

  it("knows MULFRACTION on the side chain alone", () => {
    expect(toHex(assemble("1 2 3 MULFRACTION", sideChainOpcodes))).toBe("515253a6");
    expect(outcome(() => toHex(assemble("MULFRACTION")))).toBe("token");
    expect(disassemble(hex("a6"), sideChainOpcodes)).toBe("MULFRACTION");
    expect(disassemble(hex("a6"))).toBe("NOPxa6");
  });
});

it("lists instructions as the node's API does", () => {
  const program = mainChain.convertProgram(hex(`0014${"ab".repeat(20)}`));
  expect(formatInstructions(program)).toBe(
    `DUP \nHASH160 \nDATA_20 ${"ab".repeat(20)}\nEQUALVERIFY \nTXSIGHASH \nSWAP \nCHECKSIG \n`,
  );
  expect(formatInstructions(hex("516301000000"))).toBe("1 01\nJUMP 01000000\n");
  expect(formatInstructions(hex(""))).toBe("");
  expect(outcome(() => formatInstructions(hex("4c")))).toBe("short-program");
});
