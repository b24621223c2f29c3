// Written by equity build --ts from CallOption.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const callOptionArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "CallOption",
  params: [
    {
      name: "strikeAmount",
      type: "Amount",
    },
    {
      name: "strikeAsset",
      type: "Asset",
    },
    {
      name: "writer",
      type: "Program",
    },
    {
      name: "holder",
      type: "PublicKey",
    },
    {
      name: "deadline",
      type: "Integer",
    },
  ],
  clauses: [
    {
      name: "exercise",
      params: [
        {
          name: "signature",
          type: "Signature",
        },
      ],
    },
    {
      name: "expire",
      params: [],
    },
  ],
  value: {
    amount: "amount",
    asset: "asset",
  },
  recursive: false,
  bytecode:
    "557a6420000000547acda069547a547aae7cac69007c7b51547ac1632c000000547acd9f6900c3c251567ac1",
  opcodes:
    "5 ROLL JUMPIF:$expire $exercise 4 ROLL BLOCKHEIGHT GREATERTHAN VERIFY 4 ROLL 4 ROLL TXSIGHASH SWAP CHECKSIG VERIFY 0 SWAP ROT 1 4 ROLL CHECKOUTPUT JUMP:$_end $expire 4 ROLL BLOCKHEIGHT LESSTHAN VERIFY 0 AMOUNT ASSET 1 6 ROLL CHECKOUTPUT $_end",
  file: "CallOption.equity",
  source:
    "// The right to buy value at a price until a height.\ncontract CallOption(strikeAmount: Amount, strikeAsset: Asset, writer: Program, holder: PublicKey, deadline: Integer) locks amount of asset {\n  clause exercise(signature: Signature) {\n    verify below(deadline)\n    verify checkTxSig(holder, signature)\n    lock strikeAmount of strikeAsset with writer\n    unlock amount of asset\n  }\n  clause expire() {\n    verify above(deadline)\n    lock amount of asset with writer\n  }\n}\n",
  sourceMap: [
    [0, 62, 72],
    [1, 62, 72],
    [2, 62, 72],
    [7, 253, 261],
    [8, 253, 261],
    [9, 247, 262],
    [10, 247, 262],
    [11, 240, 262],
    [12, 293, 302],
    [13, 293, 302],
    [14, 285, 291],
    [15, 285, 291],
    [16, 274, 303],
    [17, 274, 303],
    [18, 274, 303],
    [19, 267, 303],
    [20, 308, 352],
    [21, 313, 325],
    [22, 329, 340],
    [23, 308, 352],
    [24, 346, 352],
    [25, 346, 352],
    [26, 308, 352],
    [27, 203, 211],
    [32, 421, 429],
    [33, 421, 429],
    [34, 415, 430],
    [35, 415, 430],
    [36, 408, 430],
    [37, 435, 467],
    [38, 440, 446],
    [39, 450, 455],
    [40, 435, 467],
    [41, 461, 467],
    [42, 461, 467],
    [43, 435, 467],
  ],
} as const;

/** The contract CallOption. */
export const callOptionContract: Contract<typeof callOptionArtifact> = contract(callOptionArtifact);

/** Arguments of CallOption. */
export type CallOptionArguments = ContractArguments<typeof callOptionArtifact>;

/** Names of the clauses of CallOption. */
export type CallOptionClause = ClauseName<typeof callOptionArtifact>;

/** Arguments of a clause of CallOption. */
export type CallOptionClauseArguments<Clause extends CallOptionClause> = ClauseArguments<
  typeof callOptionArtifact,
  Clause
>;
