import {
  assetId,
  btmAssetId,
  createTransaction,
  type InputEntry,
  type MappedTransaction,
  mapTransaction,
  type ResultEntry,
  statusMerkleRoot,
  transactionId,
  transactionMerkleRoot,
  type ValueSource,
} from "@bystack/butxo";
import { describe, expect, it } from "vitest";
import {
  createProgramRunner,
  proofOfWorkEngine,
  type TransactionContext,
  validateBlockBody,
  validateTransaction,
} from "../src/index.ts";
import { btmOutput, FEE, genesisBranch, params, TRUE, transactionOf } from "./kit.ts";

const runProgram = createProgramRunner();
const context: TransactionContext = {
  blockVersion: 1n,
  blockHeight: 1n,
  isFirstInBlock: false,
  params,
  runProgram,
};

/** Spends BTM and another asset, and issues a third. */
const definition = new Uint8Array(0);
const issued = assetId(TRUE, definition);
const gold = new Uint8Array(32).fill(7);
const spend = { type: "spend", sourceId: new Uint8Array(32), controlProgram: TRUE } as const;
const good = mapTransaction(
  transactionOf(
    [
      { ...spend, sourcePosition: 0n, assetId: btmAssetId(), amount: 2n * FEE },
      { ...spend, sourcePosition: 1n, assetId: gold, amount: 5n },
      {
        type: "issuance",
        nonce: definition,
        assetId: issued,
        amount: 6n,
        assetDefinition: definition,
        issuanceProgram: TRUE,
      },
    ],
    [
      btmOutput(FEE),
      { type: "output", assetId: gold, amount: 5n, controlProgram: TRUE },
      { type: "output", assetId: issued, amount: 6n, controlProgram: TRUE },
    ],
  ),
);

type Links = Pick<MappedTransaction, "inputEntries" | "resultEntries" | "mux">;

function replaced<T>(items: readonly T[], index: number, change: (item: T) => T): T[] {
  return items.map((item, i) => (i === index ? change(item) : item));
}

/** Changes where the value of input `index` goes. */
function redirect(index: number, change: Partial<InputEntry["destination"]>): Partial<Links> {
  return {
    inputEntries: replaced(good.inputEntries, index, (entry) =>
      entry === undefined ? entry : { ...entry, destination: { ...entry.destination, ...change } },
    ),
  };
}

/** Changes what the mux says of input `index`. */
function resource(index: number, change: Partial<ValueSource> | undefined): Partial<Links> {
  const sources = replaced(good.mux.sources, index, (source) =>
    source === undefined || change === undefined ? undefined : { ...source, ...change },
  );
  return { mux: { ...good.mux, sources } };
}

/** Changes where the value of output `index` comes from. */
function reroute(index: number, change: Partial<ValueSource>): Partial<Links> {
  return {
    resultEntries: replaced(good.resultEntries, index, (entry): ResultEntry => {
      return { ...entry, source: { ...entry.source, ...change } };
    }),
  };
}

const elsewhere = new Uint8Array(32).fill(9);
const less = { assetId: gold, amount: 4n };

describe("validateTransaction", () => {
  it("takes the graph as it is", () => {
    expect(validateTransaction(good, context)).toMatchObject({ gasValid: true, error: undefined });
  });

  // A mapped transaction cannot be like this; a graph from elsewhere can.
  it.each<[string, Partial<Links>, boolean, string]>([
    ["a source that is not there", resource(1, undefined), false, "missing-entry"],
    [
      "a source that is somebody else's",
      resource(1, { ref: elsewhere }),
      true,
      "mismatched-reference",
    ],
    [
      "a source at a position that inputs lack",
      resource(1, { position: 1n }),
      true,
      "mismatched-position",
    ],
    ["an input into another mux", redirect(1, { ref: elsewhere }), true, "missing-entry"],
    ["an input into no source", redirect(1, { position: 3n }), true, "position"],
    ["an input into another's source", redirect(1, { position: 2n }), true, "mismatched-reference"],
    ["a spend of less than was locked", redirect(1, { value: less }), true, "mismatched-value"],
    ["a spend of nothing", redirect(1, { value: undefined }), true, "mismatched-value"],
    ["an issuance of less than it says", redirect(2, { value: less }), true, "mismatched-value"],
    ["BTM into another mux", redirect(0, { ref: elsewhere }), false, "missing-entry"],
    ["an output of another mux", reroute(1, { ref: elsewhere }), false, "mismatched-reference"],
    ["an output at another's place", reroute(1, { position: 0n }), false, "mismatched-position"],
    ["an output of less", reroute(1, { value: less }), false, "mismatched-value"],
    [
      "an asset that its program does not give",
      {
        inputEntries: replaced(good.inputEntries, 2, (entry) =>
          entry?.type === "issuance1" ? { ...entry, assetDefinition: elsewhere } : entry,
        ),
      },
      true,
      "mismatched-asset-id",
    ],
    [
      "an input of the side chain",
      {
        inputEntries: replaced(good.inputEntries, 1, (entry) =>
          entry?.type === "spend1"
            ? {
                ...entry,
                type: "vetoInput1",
                spentOutput: { ...entry.spentOutput, type: "voteoutput1", vote: elsewhere },
              }
            : entry,
        ),
      },
      true,
      "missing-entry",
    ],
  ])("refuses %s", (_, links, gasValid, code) => {
    expect(validateTransaction({ ...good, ...links }, context)).toMatchObject({
      gasValid,
      error: { code },
    });
  });
});

describe("gas", () => {
  const CREDIT = params.defaultGasCredit;
  const storageGas = BigInt(good.transaction.serializedSize);
  const allGas = FEE / params.vmGasRate;

  /** The verdict when the BTM input uses `credit` and the next one leaves `left`. */
  function judge(credit: bigint, left: bigint) {
    return validateTransaction(good, {
      ...context,
      runProgram: (_mapped, { ordinal }, _height, limit) => {
        if (ordinal === 0) return limit - credit;
        return ordinal === 1 ? left : limit;
      },
    });
  }

  it.each([
    ["all of the credit", CREDIT, 7n, undefined, { gasLeft: 7n, gasUsed: allGas - 7n }],
    ["more than the credit", CREDIT + 1n, 0n, "over-gas-credit", { gasUsed: CREDIT + 1n }],
    ["all of the gas", 0n, 0n, undefined, { gasLeft: 0n, gasUsed: allGas }],
    ["more than there is", 0n, -1n, "gas-calculate", { gasUsed: storageGas }],
  ])("is used: %s", (_, credit, left, code, figures) => {
    const verdict = judge(credit, left);
    expect(verdict.error?.code).toBe(code);
    expect(verdict).toMatchObject({ storageGas, btmValue: FEE, ...figures });
  });
});

describe("validateBlockBody", () => {
  it("adds up the reward in 64 bits", () => {
    const fee = 2n ** 63n - 1n - 10n ** 12n;
    const payers = [0n, 1n, 2n].map((sourcePosition) =>
      transactionOf(
        [{ ...spend, sourcePosition, assetId: btmAssetId(), amount: fee + 1n }],
        [btmOutput(1n)],
      ),
    );
    const amount = BigInt.asUintN(64, 41_250_000_000n + 3n * fee);
    const reward = transactionOf([{ type: "coinbase", arbitrary: TRUE }], [btmOutput(amount)]);
    const transactions = [reward, ...payers];
    const header = {
      ...genesisBranch().block.header,
      height: 1n,
      transactionMerkleRoot: transactionMerkleRoot(transactions.map(transactionId)),
      transactionStatusHash: statusMerkleRoot(transactions.map(() => false)),
    };
    const judged = validateBlockBody({ header, transactions }, elsewhere, { params, runProgram });
    expect(judged.map(({ statusFailed }) => statusFailed)).toEqual([false, false, false, false]);
  });

  it("takes a block that uses all the gas it may, and no more", () => {
    const payer = transactionOf(
      [{ ...spend, sourcePosition: 0n, assetId: btmAssetId(), amount: FEE + 1n }],
      [btmOutput(1n)],
    );
    const { gasUsed } = validateTransaction(mapTransaction(payer), context);
    const reward = transactionOf(
      [{ type: "coinbase", arbitrary: TRUE }],
      [btmOutput(41_250_000_000n + FEE)],
    );
    const transactions = [reward, payer];
    const header = {
      ...genesisBranch().block.header,
      height: 1n,
      transactionMerkleRoot: transactionMerkleRoot(transactions.map(transactionId)),
      transactionStatusHash: statusMerkleRoot([false, false]),
    };
    const judge = (maxBlockGas: bigint) =>
      validateBlockBody({ header, transactions }, elsewhere, {
        params: { ...params, maxBlockGas },
        runProgram,
      });
    expect(judge(gasUsed)).toHaveLength(2);
    expect(() => judge(gasUsed - 1n)).toThrow(
      expect.objectContaining({
        code: "block-gas-is-over-the-limit",
        facts: expect.objectContaining({ transactionIndex: 1 }),
      }),
    );
  });

  it("refuses what the original node crashes on", () => {
    const arbitrary = (byte: number) => ({
      type: "coinbase" as const,
      arbitrary: Uint8Array.of(byte),
    });
    const several = createTransaction(
      { inputs: [arbitrary(1), arbitrary(2)], outputs: [btmOutput(41_250_000_000n)] },
      params.dialect,
    );
    const header = { ...genesisBranch().block.header, height: 1n };
    expect(() =>
      validateBlockBody({ header, transactions: [several] }, elsewhere, { params, runProgram }),
    ).toThrow(expect.objectContaining({ code: "several-coinbase-inputs" }));
  });
});

it("the engine of proof of work wants headers with work", () => {
  const { node } = genesisBranch();
  const header = { ...node.header, seal: { type: "witnesses", witnesses: [] } } as const;
  const engine = proofOfWorkEngine({ verifyWork: async () => true });
  expect(() => engine.weight(header)).toThrow(RangeError);
});
