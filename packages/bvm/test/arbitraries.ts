import fc from "fast-check";
import { type Context, checkOutputAmong, mainChainOpcodes, pushdata } from "../src/index.ts";

/** Any context, fields present or absent. */
export const context: fc.Arbitrary<Context> = fc.record(
  {
    vmVersion: fc.constant(1n),
    entryId: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    txVersion: fc.option(fc.bigInt(0n, 2n), { nil: undefined }),
    blockHeight: fc.option(fc.bigInt(0n, 2n ** 64n - 1n), { nil: undefined }),
    assetId: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: undefined }),
    amount: fc.option(fc.bigInt(0n, 2n ** 64n - 1n), { nil: undefined }),
    destinationPosition: fc.option(fc.bigInt(0n, 2n ** 64n - 1n), { nil: undefined }),
    spentOutputId: fc.option(fc.uint8Array({ maxLength: 32 }), { nil: undefined }),
    signatureHash: fc.option(
      fc.constant(() => new Uint8Array(32)),
      { nil: undefined },
    ),
    checkOutput: fc.option(
      fc.constant(
        checkOutputAmong([
          {
            type: "output",
            assetId: new Uint8Array(32),
            amount: 1n,
            vmVersion: 1n,
            program: Uint8Array.of(0x51),
          },
          { type: "other" },
        ]),
      ),
      { nil: undefined },
    ),
  },
  { requiredKeys: ["vmVersion", "entryId"] },
);

const small = fc.uint8Array({ maxLength: 12 });

/** One instruction, most of them meaningful ones. */
const instruction: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: small.map(pushdata) },
  { weight: 3, arbitrary: fc.integer({ min: 0x51, max: 0x60 }).map((byte) => Uint8Array.of(byte)) },
  { weight: 8, arbitrary: fc.integer({ min: 0x61, max: 0xcd }).map(withOperand) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }).map((byte) => Uint8Array.of(byte)) },
);

function withOperand(byte: number): Uint8Array {
  return byte === 0x63 || byte === 0x64
    ? Uint8Array.of(byte, byte % 7, 0, 0, 0)
    : Uint8Array.of(byte);
}

/** A program of such instructions; some of them push programs for CHECKPREDICATE. */
export const program: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: instruction },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.array(instruction, { maxLength: 6 }), fc.integer({ min: 0, max: 3 }))
          .map(([body, count]) => predicate(concat(body), count)),
      },
    ),
    { maxLength: 40 },
  )
  .map(concat);

/** FALSE or a small number, the predicate, no limit of its own, CHECKPREDICATE. */
function predicate(body: Uint8Array, count: number): Uint8Array {
  const items = count === 0 ? 0x00 : 0x50 + count;
  return concat([Uint8Array.of(items), pushdata(body), Uint8Array.of(0x00, 0xc0)]);
}

export const args: fc.Arbitrary<Uint8Array[]> = fc.array(small, { maxLength: 5 });

export const limit: fc.Arbitrary<bigint> = fc.oneof(fc.bigInt(0n, 2000n), fc.bigInt(0n, 50_000n));

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Names that text and listing agree about, for instructions without an operand. */
export const plainNames: readonly string[] = mainChainOpcodes.byCode
  .filter(
    ({ group, code }) => group !== "expansion" && (group !== "push" || code === 0x4f || code === 0),
  )
  .map(({ name }) => name)
  .filter((name) => !name.startsWith("JUMP"));
