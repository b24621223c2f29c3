import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ButxoError,
  bytom,
  createTransaction,
  decodeTransaction,
  encodeTransaction,
  formatTransaction,
  listEntries,
  mapTransaction,
  parseTransaction,
  type Transaction,
  toHex,
  transactionId,
  vapor,
} from "../src/index.ts";
import { transaction } from "./arbitraries.ts";

/** Without suffixes, which the network writes twice, and without the size that comes with them. */
function essence({ version, timeRange, inputs, outputs }: Transaction): unknown {
  const empty = new Uint8Array(0);
  return {
    version,
    timeRange,
    inputs: inputs.map((input) =>
      "sourceId" in input ? { ...input, spendCommitmentSuffix: empty } : input,
    ),
    outputs: outputs.map((output) => ({ ...output, commitmentSuffix: empty })),
  };
}

describe.each([bytom, vapor])("transactions of $name", (dialect) => {
  it("decode inverts encode, but for the suffixes that the network doubles", () => {
    fc.assert(
      fc.property(transaction(dialect), (original) => {
        const decoded = decodeTransaction(encodeTransaction(original), dialect);
        expect(essence(decoded)).toEqual(essence(original));
        expect(transactionId(decoded)).toEqual(transactionId(original));
      }),
    );
  });

  it("text is the hex of the bytes", () => {
    fc.assert(
      fc.property(transaction(dialect), (original) => {
        const text = formatTransaction(original);
        expect(text).toBe(toHex(encodeTransaction(original)));
        const parsed = parseTransaction(text.toUpperCase(), dialect);
        expect(transactionId(parsed)).toEqual(transactionId(original));
      }),
    );
  });

  it("a transaction made of a transaction's parts has its id", () => {
    fc.assert(
      fc.property(transaction(dialect), (original) => {
        const copy = createTransaction(original, dialect);
        expect(copy).toEqual(original);
        expect(transactionId(copy)).toEqual(transactionId(original));
      }),
    );
  });

  it("no proper prefix is a transaction, and none with a byte more", () => {
    fc.assert(
      fc.property(transaction(dialect), fc.nat(), (original, at) => {
        const encoded = encodeTransaction(original);
        const prefix = encoded.subarray(0, at % encoded.length);
        expect(() => decodeTransaction(prefix, dialect)).toThrow(ButxoError);
        expect(() => decodeTransaction(Uint8Array.of(...encoded, 0), dialect)).toThrow(
          expect.objectContaining({ code: "trailing-garbage", offset: encoded.length, value: 1 }),
        );
      }),
    );
  });

  it("a changed byte gives a ButxoError or a transaction that can be written and read again", () => {
    fc.assert(
      fc.property(transaction(dialect), fc.nat(), fc.nat(255), (original, at, value) => {
        const changed = encodeTransaction(original);
        changed[at % changed.length] = value;
        let decoded: Transaction;
        try {
          decoded = decodeTransaction(changed, dialect);
        } catch (error) {
          expect(error).toBeInstanceOf(ButxoError);
          return;
        }
        const again = decodeTransaction(encodeTransaction(decoded), dialect);
        expect(transactionId(again)).toEqual(transactionId(decoded));
      }),
    );
  });

  it("any bytes give a transaction or a ButxoError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          decodeTransaction(Uint8Array.of(7, ...bytes), dialect);
        } catch (error) {
          expect(error).toBeInstanceOf(ButxoError);
        }
      }),
    );
  });

  it("the graph's links hold", () => {
    fc.assert(
      fc.property(transaction(dialect), (original) => {
        const mapped = mapTransaction(original);
        const ids = new Set(listEntries(mapped).map((entry) => toHex(entry.id)));
        expect(toHex(mapped.id)).toBe(toHex(transactionId(original)));
        mapped.resultEntries.forEach((entry, j) => {
          expect(entry.source.ref).toBe(mapped.muxId);
          expect(entry.source.position).toBe(BigInt(j));
          expect(mapped.mux.destinations[j]?.ref).toBe(entry.id);
        });
        mapped.inputEntries.forEach((entry, i) => {
          const source = mapped.mux.sources[i];
          expect(source === undefined).toBe(entry === undefined);
          if (entry === undefined || source === undefined) return;
          expect(ids.has(toHex(source.ref))).toBe(true);
          expect(entry.destination.ref).toBe(mapped.muxId);
          expect(entry.destination.position).toBe(BigInt(entry.ordinal));
        });
      }),
    );
  });
});
