import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVerifier, nobleSignatures } from "../src/index.ts";
import { backends } from "./backends.ts";
import { L, type Signed, sign } from "./signing.ts";

/** Long campaigns: CRYPTO_RUNS=5000. */
const numRuns = Number(process.env["CRYPTO_RUNS"] ?? 60);

const exact = createVerifier(nobleSignatures);
const fast = backends.filter(({ name }) => name !== "noble");

const torsion = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat(7) },
);
const signed = fc
  .record({
    message: fc.uint8Array({ maxLength: 100 }),
    secret: fc.bigInt(1n, L - 1n),
    keyTorsion: torsion,
    nonce: fc.oneof(
      { weight: 9, arbitrary: fc.bigInt(0n, L - 1n) },
      { weight: 1, arbitrary: fc.constant(0n) },
    ),
    nonceTorsion: torsion,
    surplus: fc.bigInt(0n, 2n),
  })
  .map(sign);

const timeout = 60_000 + 100 * numRuns;

describe.each(fast)("$name and the exact rule agree", { timeout }, (backend) => {
  const verify = createVerifier(backend);
  const agree = ({ message, signature, publicKey }: Omit<Signed, "valid">) => {
    const verdict = exact(message, signature, publicKey);
    expect(verify(message, signature, publicKey)).toBe(verdict);
    return verdict;
  };

  it("on signatures with any torsion and S + kL, with the verdict of the algebra", () => {
    fc.assert(
      fc.property(signed, (made) => {
        expect(agree(made)).toBe(made.valid);
      }),
      { numRuns },
    );
  });

  it("on signatures, keys and messages with a changed bit", () => {
    const part = fc.constantFrom("message", "signature", "publicKey");
    fc.assert(
      fc.property(signed, part, fc.nat(), (made, name, position) => {
        const changed = made[name].slice();
        const bit = position % (8 * changed.length || 1);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        agree({ ...made, [name]: changed });
      }),
      { numRuns },
    );
  });

  it("on arbitrary bytes", () => {
    const signature = fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => {
      bytes[63] = (bytes[63] ?? 0) & 0x1f;
      return bytes;
    });
    const publicKey = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(fc.uint8Array(), signature, publicKey, (message, signature, publicKey) => {
        agree({ message, signature, publicKey });
      }),
      { numRuns },
    );
  });
});
