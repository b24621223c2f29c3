import fc from "fast-check";
import { expect, it } from "vitest";
import { equalBytes, idKey } from "../src/index.ts";

const id = fc.uint8Array({ minLength: 32, maxLength: 32 });

it("ids have the same key exactly when they are the same", () => {
  fc.assert(
    fc.property(id, fc.nat(31), fc.nat(255), (one, at, value) => {
      const other = one.slice();
      other[at] = value;
      expect(idKey(other) === idKey(one)).toBe(equalBytes(other, one));
    }),
  );
});

it("so do other byte strings of one length", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (one) => {
      expect(idKey(one.slice())).toBe(idKey(one));
      if (one.length > 0) expect(idKey(one.with(-1, (one.at(-1) ?? 0) ^ 1))).not.toBe(idKey(one));
    }),
  );
});
