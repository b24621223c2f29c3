// Written by equity build --ts from IssueUntil.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const issueUntilArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "IssueUntil",
  params: [
    {
      name: "issueUntil",
      type: "Integer",
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
  bytecode: "cda069537a547a526bae71557a536c7cad",
  opcodes:
    "BLOCKHEIGHT GREATERTHAN VERIFY 3 ROLL 4 ROLL 2 TOALTSTACK TXSIGHASH 2ROT 5 ROLL 3 FROMALTSTACK SWAP CHECKMULTISIG",
  file: "IssueUntil.equity",
  source:
    "// Issuance by two of three keys, below a height.\ncontract IssueUntil(issueUntil: Integer, key1, key2, key3: PublicKey) locks amount of asset {\n  clause issue(signature1, signature2: Signature) {\n    verify below(issueUntil)\n    verify checkTxMultiSig([key1, key2, key3], [signature1, signature2])\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 207, 224],
    [1, 207, 224],
    [2, 200, 224],
    [3, 285, 295],
    [4, 285, 295],
    [5, 273, 283],
    [6, 273, 283],
    [7, 272, 296],
    [8, 272, 296],
    [9, 236, 297],
    [10, 259, 263],
    [11, 253, 257],
    [12, 253, 257],
    [13, 252, 270],
    [14, 236, 297],
    [15, 236, 297],
    [16, 236, 297],
  ],
} as const;

/** The contract IssueUntil. */
export const issueUntilContract: Contract<typeof issueUntilArtifact> = contract(issueUntilArtifact);

/** Arguments of IssueUntil. */
export type IssueUntilArguments = ContractArguments<typeof issueUntilArtifact>;

/** Names of the clauses of IssueUntil. */
export type IssueUntilClause = ClauseName<typeof issueUntilArtifact>;

/** Arguments of a clause of IssueUntil. */
export type IssueUntilClauseArguments<Clause extends IssueUntilClause> = ClauseArguments<
  typeof issueUntilArtifact,
  Clause
>;
