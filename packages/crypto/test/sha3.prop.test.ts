import { sha3_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sha3Backends } from "../src/index.ts";

const fast = sha3Backends().filter(({ name }) => name !== "noble");

it.each(fast)("$name equals noble on any parts", (backend) => {
  const part = fc.oneof(
    { weight: 9, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    {
      weight: 1,
      arbitrary: fc.nat(40_000).map((length) => Uint8Array.from({ length }, (_, i) => i * length)),
    },
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
      let offset = 0;
      for (const bytes of parts) {
        whole.set(bytes, offset);
        offset += bytes.length;
      }
      const expected = sha3_256(whole);
      expect(backend.hash(whole)).toEqual(expected);
      expect(backend.hashParts(parts)).toEqual(expected);
      const stream = backend.createStream();
      for (const bytes of parts) stream.update(bytes);
      expect(stream.digest()).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
