import { sha3Backend, useSha3Backend } from "@bystack/crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  assetId,
  btmAssetId,
  bytom,
  createTransaction,
  type Dialect,
  decodeTransaction,
  encodeTransaction,
  equalBytes,
  fromHex,
  type InputDraft,
  isBtm,
  mapTransaction,
  type OutputDraft,
  outputIds,
  signatureHash,
  toHex,
  transactionId,
  vapor,
  witnessHash,
} from "../src/index.ts";

const BTM = btmAssetId();
const KEY_PROGRAM = fromHex(`0014${"8c".repeat(20)}`);
const SPEND: InputDraft = {
  type: "spend",
  sourceId: new Uint8Array(32).fill(1),
  assetId: BTM,
  amount: 100n,
  sourcePosition: 2n,
  controlProgram: KEY_PROGRAM,
};
const OUTPUT: OutputDraft = {
  type: "output",
  assetId: BTM,
  amount: 90n,
  controlProgram: KEY_PROGRAM,
};
const NO_BYTES = new Uint8Array(0);
const UNKNOWN: InputDraft = {
  type: "unknown",
  assetVersion: 0n,
  commitmentSuffix: NO_BYTES,
  witnessSuffix: NO_BYTES,
};
const UNKNOWN_OUTPUT: OutputDraft = {
  type: "unknown",
  assetVersion: 2n,
  commitmentSuffix: NO_BYTES,
  outputSuffix: NO_BYTES,
};
const COINBASE: InputDraft = { type: "coinbase", arbitrary: Uint8Array.of(1) };

function make(inputs: InputDraft[], outputs: OutputDraft[], dialect: Dialect = bytom) {
  return createTransaction({ inputs, outputs }, dialect);
}

describe("the genesis transaction, step by step", () => {
  const transaction = createTransaction(
    {
      inputs: [
        {
          type: "coinbase",
          arbitrary: new TextEncoder().encode(
            "Information is power. -- Jan/11/2013. Computing is power. -- Apr/24/2018.",
          ),
        },
      ],
      outputs: [
        {
          type: "output",
          assetId: BTM,
          amount: 140_700_041_250_000_000n,
          controlProgram: fromHex("00148c9d063ff74ee6d9ffa88d83aeb038068366c4c4"),
        },
      ],
    },
    bytom,
  );
  const mapped = mapTransaction(transaction);

  it.each([
    [
      "coinbase id",
      mapped.inputIds[0],
      "953b17a15c82cc524e0e25230736a512809dc1a5fe6c0b29747fa2de2e2d64b4",
    ],
    ["mux id", mapped.muxId, "d5156f4477fcb694388e6aed7ca390e5bc81bb725ce7461caa241777c1f62236"],
    [
      "output id",
      mapped.resultIds[0],
      "e3325bf07c4385af4b60ad6ecc682ee0773f9b96e1cfbbae9f0f12b86b5f1093",
    ],
    [
      "transaction id",
      mapped.id,
      "158d7d7c6a8d2464725d508fafca76f0838d998eacaacb42ccc58cfb0c155352",
    ],
    [
      "signature hash",
      signatureHash(mapped, 0),
      "71fd2ed599f9051a13689d962fe0c4eb7c5152d540f61c37950cb20f20dc137e",
    ],
  ])("%s", (_, ours, expected) => {
    expect(ours && toHex(ours)).toBe(expected);
  });

  it("has the size of its bytes", () => {
    expect(transaction.serializedSize).toBe(151);
  });
});

describe("values", () => {
  it("cannot be changed", () => {
    const transaction = make([SPEND], [OUTPUT]);
    for (const part of [
      transaction,
      transaction.inputs,
      transaction.outputs,
      transaction.inputs[0],
      transaction.outputs[0],
      transaction.inputs[0]?.type === "spend" && transaction.inputs[0].arguments,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it("do not share memory with what they were decoded from", () => {
    const encoded = encodeTransaction(make([SPEND], [OUTPUT]));
    const transaction = decodeTransaction(encoded, bytom);
    const expected = toHex(transactionId(decodeTransaction(encoded, bytom)));
    encoded.fill(0);
    expect(toHex(transactionId(transaction))).toBe(expected);
  });

  it("are plain bytes of their own also when they come from a Buffer", () => {
    const encoded = Buffer.from(encodeTransaction(make([SPEND], [OUTPUT])));
    const decoded = decodeTransaction(encoded, bytom);
    const hash = witnessHash(Buffer.from(KEY_PROGRAM));
    encoded.fill(0);
    expect(decoded.outputs[0]).toMatchObject({ controlProgram: KEY_PROGRAM });
    expect(decoded.inputs[0]).toMatchObject({ sourceId: new Uint8Array(32).fill(1) });
    for (const bytes of [hash, decoded.inputs[0]?.commitmentSuffix])
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  });

  it("keep their ids when somebody writes into an id", () => {
    const transaction = make([SPEND], [OUTPUT]);
    const expected = toHex(transactionId(transaction));
    transactionId(transaction).fill(0);
    for (const id of outputIds(transaction)) id.fill(0);
    const mapped = mapTransaction(transaction);
    for (const id of [mapped.id, mapped.muxId, ...mapped.resultIds, ...mapped.inputIds]) id.fill(0);
    expect(toHex(transactionId(transaction))).toBe(expected);
    expect(toHex(mapTransaction(transaction).id)).toBe(expected);
  });

  it("from elsewhere have ids too, which follow a change", () => {
    const transaction = { ...make([SPEND], [OUTPUT]) };
    const before = transactionId(transaction);
    expect(before).toEqual(transactionId(make([SPEND], [OUTPUT])));
    const changed = Object.assign(transaction, { timeRange: 5n });
    expect(transactionId(changed)).not.toEqual(before);
  });
});

describe("what is refused", () => {
  const issuance: InputDraft = {
    type: "issuance",
    nonce: new Uint8Array(0),
    assetId: new Uint8Array(32),
    amount: 1n,
    assetDefinition: new Uint8Array(0),
    issuanceProgram: Uint8Array.of(0x51),
  };
  const veto: InputDraft = { ...SPEND, type: "veto", vote: new Uint8Array(64) };
  const vote: OutputDraft = { ...OUTPUT, type: "vote", vote: new Uint8Array(64) };
  const unknown = {
    type: "unknown",
    assetVersion: 2n,
    commitmentSuffix: new Uint8Array(0),
    witnessSuffix: new Uint8Array(0),
    outputSuffix: new Uint8Array(0),
  } as const;

  it.each([
    ["a coinbase without outputs", [COINBASE], [], bytom, "coinbase-without-outputs"],
    ["an asset id that nothing gives", [issuance], [OUTPUT], bytom, "asset-id-mismatch"],
    ["a veto on the main chain", [veto], [OUTPUT], bytom, "unsupported-input-type"],
    ["a vote on the main chain", [SPEND], [vote], bytom, "unsupported-output-type"],
    [
      "bytes after an output's body on the main chain",
      [SPEND],
      [{ ...OUTPUT, outputSuffix: Uint8Array.of(1) }],
      bytom,
      "unsupported-output-type",
    ],
    ["an issuance on the side chain", [issuance], [OUTPUT], vapor, "unsupported-input-type"],
    ["an unknown input on the side chain", [unknown], [OUTPUT], vapor, "unsupported-asset-version"],
    ["an unknown output on the side chain", [SPEND], [unknown], vapor, "unsupported-asset-version"],
    [
      "an unknown input that is known",
      [{ ...unknown, assetVersion: 1n }],
      [OUTPUT],
      bytom,
      "unsupported-asset-version",
    ],
    [
      "an unknown output that is known",
      [SPEND],
      [{ ...unknown, assetVersion: 1n }],
      bytom,
      "unsupported-asset-version",
    ],
    [
      "a virtual machine of version 2",
      [{ ...SPEND, vmVersion: 2n }],
      [OUTPUT],
      bytom,
      "unrecognized-vm-version",
    ],
    ["an amount of 2^63", [SPEND], [{ ...OUTPUT, amount: 2n ** 63n }], bytom, "value-out-of-range"],
    ["a negative amount", [SPEND], [{ ...OUTPUT, amount: -1n }], bytom, "value-out-of-range"],
    [
      "a short source id",
      [{ ...SPEND, sourceId: new Uint8Array(31) }],
      [OUTPUT],
      bytom,
      "hash-length",
    ],
  ] as const)("%s", (_, inputs, outputs, dialect, code) => {
    expect(() => make([...inputs], [...outputs], dialect)).toThrow(
      expect.objectContaining({ name: "ButxoError", code }),
    );
  });

  it("a count of 2^31 - 1 inputs, at once", () => {
    expect(() => decodeTransaction(fromHex("070100ffffffff07"), bytom)).toThrow(
      expect.objectContaining({ code: "eof", offset: 8 }),
    );
  });

  it.each([
    ["asset version 2 of an input", "0701000102", "unsupported-asset-version", 4, 2n],
    ["asset version 0 of an output", "0701000001000000", "unsupported-asset-version", 5, 0n],
    ["input type 4", "070100010101040000", "unsupported-input-type", 6, 4],
    ["output type 3", "07010000010101030000", "unsupported-output-type", 7, 3],
  ])("%s on the side chain, where it is", (_, hex, code, offset, value) => {
    expect(() => decodeTransaction(fromHex(hex), vapor)).toThrow(
      expect.objectContaining({ code, offset, value }),
    );
  });

  it.each([
    ["06", "unsupported-serflags", 0, 6],
    ["070100010101030000", "unsupported-input-type", 6, 3],
    ["0701000101", "eof", 5, undefined],
    // A commitment of no bytes has no type.
    ["070100010100", "eof", 6, undefined],
    // The reader stays inside the commitment: its one byte is the type, the nonce is missing.
    ["07010001010100000000", "eof", 7, undefined],
    // A coinbase without outputs is a crash of the reference, which reads all bytes before it.
    ["0701000101020200000000", "trailing-garbage", 10, 1],
    ["07010001010202000000", "coinbase-without-outputs", 0, undefined],
  ])("%s on the main chain: %s", (hex, code, offset, value) => {
    expect(() => decodeTransaction(fromHex(hex), bytom)).toThrow(
      expect.objectContaining({ code, offset, value }),
    );
  });
});

describe("the network's quirks", () => {
  it("suffixes inside commitments double with every encoding, ids stay", () => {
    const suffix = Uint8Array.of(0xaa, 0xbb);
    const once = make(
      [{ ...SPEND, spendCommitmentSuffix: suffix, commitmentSuffix: suffix }],
      [{ ...OUTPUT, commitmentSuffix: suffix }],
    );
    const twice = decodeTransaction(encodeTransaction(once), bytom);
    expect(twice.serializedSize).toBe(once.serializedSize + 4);
    expect(twice.inputs[0]).toMatchObject({
      spendCommitmentSuffix: Uint8Array.of(0xaa, 0xbb, 0xaa, 0xbb),
      commitmentSuffix: suffix,
    });
    expect(transactionId(twice)).toEqual(transactionId(once));
    expect(transactionId(twice)).toEqual(transactionId(make([SPEND], [OUTPUT])));
  });

  it("of two inputs with one entry the later owns it", () => {
    const mapped = mapTransaction(make([SPEND, COINBASE, SPEND], [OUTPUT]));
    expect(mapped.inputEntries[0]).toBe(mapped.inputEntries[2]);
    expect(mapped.inputEntries[0]?.ordinal).toBe(2);
    expect(mapped.spentOutputIds.length).toBe(1);
    expect(mapped.gasInputIds.length).toBe(2);
  });

  it("of two among many inputs with one entry the later owns it", () => {
    const others = Array.from({ length: 10 }, (_, i) => ({ ...SPEND, sourcePosition: BigInt(i) }));
    const mapped = mapTransaction(make([UNKNOWN, ...others, UNKNOWN, SPEND], [OUTPUT]));
    // The third of the others is the very output.
    expect(mapped.inputEntries[3]).toBe(mapped.inputEntries[12]);
    expect(mapped.inputEntries[3]?.ordinal).toBe(12);
    expect(mapped.inputEntries.map((entry) => entry?.ordinal)).toEqual([
      ...[undefined, 1, 2, 12, 4, 5, 6, 7, 8, 9, 10],
      ...[undefined, 12],
    ]);
    const none = new Uint8Array(32);
    expect(mapped.inputIds.flatMap((id, i) => (equalBytes(id, none) ? [i] : []))).toEqual([
      0, 3, 11,
    ]);
    expect(mapped.spentOutputIds.length).toBe(10);
    expect(mapped.spentOutputIds[2]).toEqual(mapTransaction(make([SPEND], [])).spentOutputIds[0]);
  });

  it("a coinbase claims input 0 wherever it stands", () => {
    const mapped = mapTransaction(make([SPEND, COINBASE], [OUTPUT]));
    const coinbase = mapped.inputEntries[1];
    expect(coinbase).toMatchObject({ type: "coinbase1", ordinal: 0 });
    expect(mapped.inputIds[0]).toEqual(coinbase?.id);
    expect(mapped.inputIds[1]).toEqual(new Uint8Array(32));
    expect(coinbase?.destination).toMatchObject({ position: 0n, value: { amount: 100n } });
  });

  it("a coinbase behind an unknown input goes nowhere", () => {
    const mapped = mapTransaction(make([UNKNOWN, COINBASE], [OUTPUT]));
    expect(mapped.mux.sources[0]).toBeUndefined();
    expect(mapped.inputEntries[1]?.destination.value).toBeUndefined();
  });

  it("a coinbase brings output 0 on the main chain, and the sum modulo 2^64 on the side chain", () => {
    const big = { ...OUTPUT, amount: 2n ** 63n - 1n };
    const main = mapTransaction(make([COINBASE], [big, OUTPUT, big]));
    const side = mapTransaction(make([COINBASE], [big, OUTPUT, big], vapor));
    expect(main.mux.sources[0]?.value.amount).toBe(2n ** 63n - 1n);
    expect(side.mux.sources[0]?.value.amount).toBe(88n);
  });

  it("votes are in the entries of vote outputs and vetoes, and nowhere else", () => {
    const vote = new Uint8Array(64).fill(5);
    const veto: InputDraft = { ...SPEND, type: "veto", vote };
    const outputs: OutputDraft[] = [OUTPUT, { ...OUTPUT, type: "vote", vote }];
    const mapped = mapTransaction(make([veto], outputs, vapor));
    const [plain, voting] = mapped.resultEntries;
    expect(plain).not.toHaveProperty("vote");
    expect(plain).toMatchObject({ program: { vmVersion: 1n, code: KEY_PROGRAM } });
    expect(voting).toMatchObject({
      type: "voteoutput1",
      vote,
      program: { vmVersion: 1n, code: KEY_PROGRAM },
    });
    expect(mapped.inputEntries[0]).toMatchObject({
      spentOutput: { type: "voteoutput1", vote },
      spentOutputId: mapped.spentOutputIds[0],
    });
    expect(mapped.mux.destinations).toEqual(
      mapped.resultEntries.map(({ id, source }) => ({
        ref: id,
        value: source.value,
        position: 0n,
      })),
    );
  });

  it("a program that fails at once makes a retirement of any output", () => {
    const controlProgram = Uint8Array.of(0x6a, 0x01, 0x02);
    const { resultEntries } = mapTransaction(
      make(
        [SPEND],
        [
          { ...OUTPUT, controlProgram },
          { ...OUTPUT, type: "vote", vote: new Uint8Array(1), controlProgram },
          { ...OUTPUT, type: "cross-chain-out" },
        ],
        vapor,
      ),
    );
    expect(resultEntries.map(({ type }) => type)).toEqual([
      "retirement1",
      "retirement1",
      "crosschainoutput1",
    ]);
  });
});

describe("what is given out", () => {
  it("can be changed without changing what is given out later", () => {
    const inputs = [SPEND, UNKNOWN, COINBASE];
    const all = () => make(inputs, [UNKNOWN_OUTPUT, OUTPUT]);
    const transaction = all();
    const mapped = mapTransaction(transaction);
    const values = [...mapped.mux.destinations, ...mapped.mux.sources].map((end) => end?.value);
    const given = [
      mapped.id,
      mapped.muxId,
      ...mapped.inputIds,
      ...mapped.resultIds,
      ...mapped.spentOutputIds,
      transactionId(transaction),
      ...outputIds(transaction),
      // The asset id of an output that is not understood; the others are the transaction's own.
      ...values.flatMap((value) => (value === undefined || isBtm(value.assetId) ? [] : [value])),
    ];
    for (const bytes of given) (bytes instanceof Uint8Array ? bytes : bytes.assetId).fill(0xee);
    for (const other of [transaction, all()]) {
      const again = mapTransaction(other);
      expect(toHex(again.mux.destinations[0]?.value?.assetId ?? NO_BYTES)).toBe("00".repeat(32));
      expect(toHex(again.mux.sources[2]?.value.assetId ?? NO_BYTES)).toBe("00".repeat(32));
      expect(toHex(again.inputIds[1] ?? NO_BYTES)).toBe("00".repeat(32));
      expect(again.id).toEqual(transactionId(all()));
      expect(again.resultIds).toEqual(outputIds(all()));
      expect(again.spentOutputIds).toEqual(mapTransaction(all()).spentOutputIds);
    }
  });
});

describe("hashes", () => {
  const backend = sha3Backend();
  let hashes = 0;
  const hash = (bytes: Uint8Array) => {
    hashes++;
    return backend.hash(bytes);
  };

  beforeEach(() => {
    useSha3Backend({ ...backend, hash });
    hashes = 0;
  });
  afterEach(() => useSha3Backend());

  // Two each for the mux and the header.
  it.each<[what: string, InputDraft[], OutputDraft[], expected: number]>([
    ["none for an input that is not understood", new Array(1000).fill(UNKNOWN), [], 4],
    ["two for an output of any kind", [], [...new Array(500).fill(UNKNOWN_OUTPUT), OUTPUT], 1006],
    ["four for a spend", [SPEND, { ...SPEND, amount: 1n }], [], 12],
  ])("%s, and none when asked again", (_, inputs, outputs, expected) => {
    const transaction = make(inputs, outputs);
    transactionId(transaction);
    expect(hashes).toBe(expected);
    mapTransaction(transaction);
    outputIds(transaction);
    expect(hashes).toBe(expected);
  });
});

describe("asset ids", () => {
  it("know BTM", () => {
    expect(isBtm(btmAssetId())).toBe(true);
    expect(isBtm(new Uint8Array(32))).toBe(false);
    expect(isBtm(new Uint8Array(31).fill(0xff))).toBe(false);
  });

  it("depend on the version of the virtual machine", () => {
    const program = Uint8Array.of(0x51);
    const none = new Uint8Array(0);
    expect(assetId(program, none)).toEqual(assetId(program, none, 1n));
    expect(assetId(program, none)).not.toEqual(assetId(program, none, 2n));
  });
});

it("there is no signature hash without an input", () => {
  expect(() => signatureHash(mapTransaction(make([SPEND], [OUTPUT])), 1)).toThrow(RangeError);
});
