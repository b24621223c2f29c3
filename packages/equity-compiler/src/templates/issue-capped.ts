// Written by equity build --ts from IssueCapped.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const issueCappedArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "IssueCapped",
  params: [
    {
      name: "maxSupply",
      type: "Amount",
    },
    {
      name: "key1",
      type: "PublicKey",
    },
    {
      name: "key2",
      type: "PublicKey",
    },
    {
      name: "key3",
      type: "PublicKey",
    },
  ],
  clauses: [
    {
      name: "issue",
      params: [
        {
          name: "signature1",
          type: "Signature",
        },
        {
          name: "signature2",
          type: "Signature",
        },
      ],
    },
  ],
  value: {
    amount: "amount",
    asset: "asset",
  },
  recursive: false,
  bytecode: "c37ca169537a547a526bae71557a536c7cad",
  opcodes:
    "AMOUNT SWAP LESSTHANOREQUAL VERIFY 3 ROLL 4 ROLL 2 TOALTSTACK TXSIGHASH 2ROT 5 ROLL 3 FROMALTSTACK SWAP CHECKMULTISIG",
  file: "IssueCapped.equity",
  source:
    "// Issuance by two of three keys, with a cap on each issuance.\ncontract IssueCapped(maxSupply: Amount, key1, key2, key3: PublicKey) locks amount of asset {\n  clause issue(signature1, signature2: Signature) {\n    verify amount <= maxSupply\n    verify checkTxMultiSig([key1, key2, key3], [signature1, signature2])\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 219, 238],
    [1, 229, 238],
    [2, 219, 238],
    [3, 212, 238],
    [4, 299, 309],
    [5, 299, 309],
    [6, 287, 297],
    [7, 287, 297],
    [8, 286, 310],
    [9, 286, 310],
    [10, 250, 311],
    [11, 273, 277],
    [12, 267, 271],
    [13, 267, 271],
    [14, 266, 284],
    [15, 250, 311],
    [16, 250, 311],
    [17, 250, 311],
  ],
} as const;

/** The contract IssueCapped. */
export const issueCappedContract: Contract<typeof issueCappedArtifact> =
  contract(issueCappedArtifact);

/** Arguments of IssueCapped. */
export type IssueCappedArguments = ContractArguments<typeof issueCappedArtifact>;

/** Names of the clauses of IssueCapped. */
export type IssueCappedClause = ClauseName<typeof issueCappedArtifact>;

/** Arguments of a clause of IssueCapped. */
export type IssueCappedClauseArguments<Clause extends IssueCappedClause> = ClauseArguments<
  typeof issueCappedArtifact,
  Clause
>;
