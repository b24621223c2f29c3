import {
  assetId,
  btmAssetId,
  concatBytes,
  createTransaction,
  keyHash,
  type MappedTransaction,
  mapTransaction,
  p2wpkhProgram,
} from "@bystack/butxo";
import { assemble, int64Bytes } from "@bystack/bvm";
import { sha3 } from "@bystack/crypto";
import { describe, expect, it } from "vitest";
import { createProgramRunner, type TransactionContext, validateTransaction } from "../src/index.ts";
import { btmOutput, FEE, params, TRUE, transactionOf } from "./kit.ts";

const context: TransactionContext = {
  blockVersion: 1n,
  blockHeight: 1n,
  isFirstInBlock: false,
  params,
  runProgram: createProgramRunner(),
};
const definition = new Uint8Array(0);
const gold = new Uint8Array(32).fill(7);
const spend = { type: "spend", sourceId: new Uint8Array(32), controlProgram: TRUE } as const;

describe("what a program sees", () => {
  const questions =
    "ENTRYID EQUALVERIFY ASSET EQUALVERIFY AMOUNT NUMEQUALVERIFY INDEX NUMEQUALVERIFY BLOCKHEIGHT NUMEQUAL";
  const issuanceProgram = assemble(questions);
  const asked = assetId(issuanceProgram, definition);
  const height = 77n;

  /** BTM, and behind it a spend and an issuance that ask for what they are. */
  function make(
    args: { readonly spend: readonly Uint8Array[]; readonly issuance: readonly Uint8Array[] },
    program = assemble(`OUTPUTID EQUALVERIFY ${questions}`),
    version = 1n,
  ): MappedTransaction {
    return mapTransaction(
      createTransaction(
        {
          version,
          inputs: [
            { ...spend, sourcePosition: 0n, assetId: btmAssetId(), amount: 2n * FEE },
            {
              ...spend,
              sourcePosition: 9n,
              assetId: gold,
              amount: 5n,
              controlProgram: program,
              arguments: args.spend,
            },
            {
              type: "issuance",
              nonce: definition,
              assetId: asked,
              amount: 6n,
              assetDefinition: definition,
              issuanceProgram,
              arguments: args.issuance,
            },
          ],
          outputs: [
            btmOutput(FEE),
            { type: "output", assetId: gold, amount: 5n, controlProgram: TRUE },
            { type: "output", assetId: asked, amount: 6n, controlProgram: TRUE },
          ],
        },
        params.dialect,
      ),
    );
  }

  const codeOf = (mapped: MappedTransaction, blockVersion = 1n) => {
    const verdict = validateTransaction(mapped, { ...context, blockVersion, blockHeight: height });
    expect(verdict.gasValid).toBe(true);
    return verdict.error?.code;
  };

  const { inputEntries, spentOutputIds } = make({ spend: [], issuance: [] });
  const answers = (index: number, asset: Uint8Array, amount: bigint) => [
    ...[height, BigInt(index), amount].map(int64Bytes),
    asset,
    inputEntries[index]?.id ?? definition,
  ];
  const right = {
    spend: [...answers(1, gold, 5n), spentOutputIds[1] ?? definition],
    issuance: answers(2, asked, 6n),
  };

  it("is its own input, and the block's height", () => {
    expect(codeOf(make(right))).toBeUndefined();
  });

  it.each(right.spend.map((_, i) => i))("is nothing else: answer %i of the spend", (at) => {
    const wrong = right.spend.map((answer, i) => (i === at ? Uint8Array.of(99) : answer));
    const code = at === 0 ? "false-vm-result" : "verify-failed";
    expect(codeOf(make({ ...right, spend: wrong }))).toBe(code);
  });

  it.each(right.issuance.map((_, i) => i))("is nothing else: answer %i of the issuance", (at) => {
    const wrong = right.issuance.map((answer, i) => (i === at ? Uint8Array.of(99) : answer));
    const code = at === 0 ? "false-vm-result" : "verify-failed";
    expect(codeOf(make({ ...right, issuance: wrong }))).toBe(code);
  });

  it("is a transaction version that decides about opcodes to come", () => {
    const future = Uint8Array.of(0x50, 0x51);
    expect(codeOf(make(right, future))).toBe("disallowed-opcode");
    expect(codeOf(make(right, future, 2n), 0n)).toBeUndefined();
  });
});

it("has no output to name where it issues", () => {
  const program = assemble("OUTPUTID");
  const id = assetId(program, definition);
  const mapped = mapTransaction(
    transactionOf(
      [
        { ...spend, sourcePosition: 0n, assetId: btmAssetId(), amount: 2n * FEE },
        {
          type: "issuance",
          nonce: definition,
          assetId: id,
          amount: 1n,
          assetDefinition: definition,
          issuanceProgram: program,
        },
      ],
      [btmOutput(FEE), { type: "output", assetId: id, amount: 1n, controlProgram: TRUE }],
    ),
  );
  expect(validateTransaction(mapped, context)).toMatchObject({
    gasValid: true,
    error: { code: "context", facts: { inputIndex: 1 } },
  });
});

it("has each input sign its own entry, also where a coinbase claims its place", () => {
  const key = new Uint8Array(32).fill(3);
  const lock = p2wpkhProgram(keyHash(key));
  const mapped = mapTransaction(
    transactionOf(
      [
        {
          ...spend,
          sourcePosition: 0n,
          assetId: btmAssetId(),
          amount: FEE,
          controlProgram: lock,
          arguments: [new Uint8Array(64), key],
        },
        { type: "coinbase", arbitrary: TRUE },
      ],
      [btmOutput(1n)],
    ),
  );
  const messages: Uint8Array[] = [];
  const runner = createProgramRunner((message) => messages.push(message.slice()) > 0);
  const verdict = validateTransaction(mapped, {
    ...context,
    isFirstInBlock: true,
    runProgram: runner,
  });
  const id = mapped.inputEntries[0]?.id ?? TRUE;
  expect(messages).toEqual([sha3(concatBytes(id, mapped.id))]);
  expect(verdict).toMatchObject({ gasValid: false, error: { code: "mismatched-reference" } });
});
