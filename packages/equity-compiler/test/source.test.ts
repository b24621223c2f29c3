import fc from "fast-check";
import { expect, it } from "vitest";
import { characterOffset, positionAt, sourceText } from "../src/source.ts";

const piece = fc.constantFrom("a", "\n", "é", "€", "😀", "\r\n", " ".repeat(300));
const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));

/** Position by looking at everything in front of it. */
function slowPosition(bytes: string, offset: number) {
  const before = bytes.slice(0, offset).split("\n");
  return { line: before.length, column: before.at(-1)?.length ?? 0 };
}

it("positions are lines from 1 and bytes from 0", () => {
  fc.assert(
    fc.property(text, fc.nat(), (text, pick) => {
      const source = sourceText(text, "t");
      const offset = pick % (source.bytes.length + 1);
      expect(positionAt(source, offset)).toEqual(slowPosition(source.bytes, offset));
    }),
  );
});

it("character offsets are those of the text that the bytes encode", () => {
  fc.assert(
    fc.property(text, fc.nat(), (text, pick) => {
      const source = sourceText(text, "t");
      const characters = [...text];
      const count = pick % (characters.length + 1);
      const before = characters.slice(0, count).join("");
      const offset = new TextEncoder().encode(before).length;
      expect(characterOffset(source, offset)).toBe(before.length);
    }),
  );
});
