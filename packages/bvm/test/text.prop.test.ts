import fc from "fast-check";
import { expect, it } from "vitest";
import {
  assemble,
  BvmError,
  decodeInstruction,
  disassemble,
  jumpAddress,
  parseProgram,
  pushdata,
} from "../src/index.ts";
import { toHex } from "../src/text.ts";
import { concat, plainNames, program } from "./arbitraries.ts";

const word = fc.oneof(
  fc.constantFrom(...plainNames),
  fc.uint8Array({ minLength: 1, maxLength: 90 }).map((data) => `0x${toHex(data)}`),
);

/** Text as the disassembler writes it: the first label that jumps mention is alpha, and so on. */
const canonicalText = fc
  .tuple(fc.array(word, { maxLength: 30 }), fc.nat(30), fc.nat(30), fc.boolean())
  .map(([words, from, to, isConditional]) => {
    const jump = isConditional ? "JUMPIF:$alpha" : "JUMP:$alpha";
    words.splice(from, 0, jump);
    // Behind a label there may stand anything but another one.
    words.splice(to, 0, "$alpha");
    return words.join(" ");
  });

it("disassemble inverts assemble on text of its own form", () => {
  fc.assert(
    fc.property(canonicalText, (text) => {
      expect(disassemble(assemble(text))).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

it("assemble inverts disassemble on shortest programs", () => {
  const instruction = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map(pushdata),
    fc.constantFrom(...plainNames).map((name) => assemble(name)),
  );
  fc.assert(
    fc.property(fc.array(instruction).map(concat), (code) => {
      expect(toHex(assemble(disassemble(code)))).toBe(toHex(code));
    }),
  );
});

it("any text gives bytes or a BvmError", () => {
  const token = fc.oneof(
    fc.string({ maxLength: 8 }),
    word,
    fc.constantFrom(
      "'",
      "'a",
      "\\",
      "$",
      "$a",
      "JUMP:",
      "JUMP:$a",
      "JUMPIF:9",
      "0x",
      "0x1",
      "-",
      "+7",
    ),
  );
  fc.assert(
    fc.property(
      fc.array(token).map((tokens) => tokens.join(" ")),
      (text) => {
        try {
          parseProgramOrFault(assemble(text));
        } catch (error) {
          expect(error).toBeInstanceOf(BvmError);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

/** Bare DATA_n names make programs that do not decode; nothing else may go wrong. */
function parseProgramOrFault(code: Uint8Array): void {
  try {
    parseProgram(code);
  } catch (error) {
    expect(error).toMatchObject({ name: "BvmError", code: "short-program" });
  }
}

it("instructions cover a program without gaps", () => {
  fc.assert(
    fc.property(fc.oneof(program, fc.uint8Array({ maxLength: 300 })), (code) => {
      let pc = 0;
      while (pc < code.length) {
        const instruction = decodeInstruction(code, pc);
        if (typeof instruction === "string") {
          expect(instruction).toBe("short-program");
          return;
        }
        const { opcode, length, data } = instruction;
        expect(opcode).toBe(code[pc]);
        expect(length).toBeGreaterThan(0);
        const isSmallNumber = opcode >= 0x51 && opcode <= 0x60;
        if (!isSmallNumber) expect(toHex(code.subarray(pc, pc + length))).toContain(toHex(data));
        expect(jumpAddress(instruction) !== undefined).toBe(opcode === 0x63 || opcode === 0x64);
        pc += length;
      }
      expect(pc).toBe(code.length);
    }),
  );
});
