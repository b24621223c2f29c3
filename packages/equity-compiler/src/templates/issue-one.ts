// Written by equity build --ts from IssueOne.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const issueOneArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "IssueOne",
  params: [
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
  bytecode: "c37600a07c529f9a69537a547a526bae71557a536c7cad",
  opcodes:
    "AMOUNT DUP 0 GREATERTHAN SWAP 2 LESSTHAN BOOLAND VERIFY 3 ROLL 4 ROLL 2 TOALTSTACK TXSIGHASH 2ROT 5 ROLL 3 FROMALTSTACK SWAP CHECKMULTISIG",
  file: "IssueOne.equity",
  source:
    "// Issuance of one unit by two of three keys.\ncontract IssueOne(key1, key2, key3: PublicKey) locks amount of asset {\n  clause issue(signature1, signature2: Signature) {\n    verify amount > 0 && amount < 2\n    verify checkTxMultiSig([key1, key2, key3], [signature1, signature2])\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 180, 204],
    [1, 180, 186],
    [2, 189, 190],
    [3, 180, 190],
    [4, 194, 200],
    [5, 203, 204],
    [6, 194, 204],
    [7, 180, 204],
    [8, 173, 204],
    [9, 265, 275],
    [10, 265, 275],
    [11, 253, 263],
    [12, 253, 263],
    [13, 252, 276],
    [14, 252, 276],
    [15, 216, 277],
    [16, 239, 243],
    [17, 233, 237],
    [18, 233, 237],
    [19, 232, 250],
    [20, 216, 277],
    [21, 216, 277],
    [22, 216, 277],
  ],
} as const;

/** The contract IssueOne. */
export const issueOneContract: Contract<typeof issueOneArtifact> = contract(issueOneArtifact);

/** Arguments of IssueOne. */
export type IssueOneArguments = ContractArguments<typeof issueOneArtifact>;

/** Names of the clauses of IssueOne. */
export type IssueOneClause = ClauseName<typeof issueOneArtifact>;

/** Arguments of a clause of IssueOne. */
export type IssueOneClauseArguments<Clause extends IssueOneClause> = ClauseArguments<
  typeof issueOneArtifact,
  Clause
>;
