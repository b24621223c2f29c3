import fc from "fast-check";
import { expect, it } from "vitest";
import { nearest } from "../src/suggest.ts";

function editDistance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const [x, y] = [a.slice(1), b.slice(1)];
  if (a[0] === b[0]) return editDistance(x, y);
  return 1 + Math.min(editDistance(x, b), editDistance(a, y), editDistance(x, y));
}

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 6 });

it("suggests the nearest word that is near enough, the first of several", () => {
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 6 }), (wrong, candidates) => {
      const distances = candidates.map((candidate) => editDistance(wrong, candidate));
      const least = Math.min(...distances);
      const isNear = least <= Math.max(1, Math.floor(wrong.length / 3));
      const expected = candidates[distances.indexOf(least)];
      expect(nearest(wrong, candidates)).toBe(isNear ? `did you mean "${expected}"?` : undefined);
    }),
    { numRuns: 500 },
  );
});

it("ignores case, long words and words that are far", () => {
  expect(nearest("publickey", ["Program", "PublicKey"])).toBe('did you mean "PublicKey"?');
  expect(nearest("verfy", ["verify", "lock"])).toBe('did you mean "verify"?');
  expect(nearest("abcdefghijklmnop", ["ABCDEFGHIJKL"])).toBe('did you mean "ABCDEFGHIJKL"?');
  expect(nearest("abcdefghijklmnop", ["abcdefghijk"])).toBeUndefined();
  expect(nearest("", ["a"])).toBeUndefined();
  expect(nearest("a".repeat(65), ["a".repeat(65)])).toBeUndefined();
});
