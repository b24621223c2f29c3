import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ButxoError,
  blockHash,
  bytom,
  decodeBlock,
  decodeBlockHeader,
  decodeTransactions,
  encodeBlock,
  encodeBlockHeader,
  encodeTransactions,
  transactionId,
  vapor,
} from "../src/index.ts";
import { block } from "./arbitraries.ts";

describe.each([bytom, vapor])("blocks of $name", (dialect) => {
  it("decode inverts encode", () => {
    fc.assert(
      fc.property(block(dialect), (original) => {
        const decoded = decodeBlock(encodeBlock(original), dialect);
        expect(decoded.header).toEqual(original.header);
        expect(decoded.transactions.map(transactionId)).toEqual(
          original.transactions.map(transactionId),
        );
      }),
    );
  });

  it("a header reads alone and in front of anything, with the same hash", () => {
    fc.assert(
      fc.property(
        block(dialect),
        fc.uint8Array({ maxLength: 9 }),
        ({ header, transactions }, rest) => {
          const alone = encodeBlockHeader(header);
          expect(decodeBlockHeader(Uint8Array.of(...alone, ...rest), dialect)).toEqual(header);
          const full = decodeBlockHeader(encodeBlock({ header, transactions }), dialect);
          expect(blockHash(full)).toEqual(blockHash(header));
          expect(decodeBlock(alone, dialect).transactions).toEqual([]);
        },
      ),
    );
  });

  it("no proper prefix of a full block is a block", () => {
    fc.assert(
      fc.property(block(dialect), fc.nat(), (original, at) => {
        const encoded = encodeBlock(original);
        const prefix = encoded.subarray(0, at % encoded.length);
        expect(() => decodeBlock(prefix, dialect)).toThrow(ButxoError);
      }),
    );
  });

  it("any bytes give a block or a ButxoError", () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3), fc.uint8Array({ maxLength: 200 }), (flag, bytes) => {
        for (const decode of [decodeBlock, decodeBlockHeader, decodeTransactions]) {
          try {
            decode(Uint8Array.of(flag, ...bytes), dialect);
          } catch (error) {
            expect(error).toBeInstanceOf(ButxoError);
          }
        }
      }),
    );
  });
});

it("only the side chain has transactions without a header", () => {
  fc.assert(
    fc.property(block(vapor), ({ transactions }) => {
      const bare = encodeTransactions(transactions);
      expect(decodeTransactions(bare, vapor).map(transactionId)).toEqual(
        transactions.map(transactionId),
      );
      expect(() => decodeTransactions(bare, bytom)).toThrow(
        expect.objectContaining({ code: "unsupported-serialization-flags", value: 2 }),
      );
    }),
  );
});

it("a header is written as its dialect and 63 bits can say, or not at all", () => {
  fc.assert(
    fc.property(block(bytom), block(vapor), ({ header }, side) => {
      const refuses = (change: Partial<typeof header>, code: string) =>
        expect(() => encodeBlockHeader({ ...header, ...change })).toThrow(
          expect.objectContaining({ name: "ButxoError", code }),
        );
      refuses({ seal: side.header.seal }, "seal-mismatch");
      refuses({ dialect: vapor }, "seal-mismatch");
      for (const field of ["version", "height", "timestamp"] as const) {
        refuses({ [field]: 2n ** 63n }, "value-out-of-range");
        refuses({ [field]: -1n }, "value-out-of-range");
      }
      refuses(
        { seal: { type: "proof-of-work", nonce: 2n ** 63n, bits: 0n } },
        "value-out-of-range",
      );
      refuses(
        { seal: { type: "proof-of-work", nonce: 0n, bits: 2n ** 63n } },
        "value-out-of-range",
      );
      refuses({ previousBlockHash: new Uint8Array(31) }, "hash-length");
    }),
    { numRuns: 20 },
  );
});

it("witnesses are not part of the hash, a proof-of-work seal is", () => {
  fc.assert(
    fc.property(block(vapor), block(bytom), (side, main) => {
      const { header } = side;
      const seal = { type: "witnesses", witnesses: [new Uint8Array(64)] } as const;
      expect(blockHash({ ...header, seal })).toEqual(blockHash(header));
      if (main.header.seal.type !== "proof-of-work") throw new Error("wrong seal");
      const nonce = main.header.seal.nonce ^ 1n;
      const other = { ...main.header, seal: { ...main.header.seal, nonce } };
      expect(blockHash(other)).not.toEqual(blockHash(main.header));
    }),
  );
});
