// Written by equity build --ts from IssueByQuorum.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const issueByQuorumArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "IssueByQuorum",
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
  bytecode: "537a547a526bae71557a536c7cad",
  opcodes: "3 ROLL 4 ROLL 2 TOALTSTACK TXSIGHASH 2ROT 5 ROLL 3 FROMALTSTACK SWAP CHECKMULTISIG",
  file: "IssueByQuorum.equity",
  source:
    "// Issuance by two of three keys.\ncontract IssueByQuorum(key1, key2, key3: PublicKey) locks amount of asset {\n  clause issue(signature1, signature2: Signature) {\n    verify checkTxMultiSig([key1, key2, key3], [signature1, signature2])\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 222, 232],
    [1, 222, 232],
    [2, 210, 220],
    [3, 210, 220],
    [4, 209, 233],
    [5, 209, 233],
    [6, 173, 234],
    [7, 196, 200],
    [8, 190, 194],
    [9, 190, 194],
    [10, 189, 207],
    [11, 173, 234],
    [12, 173, 234],
    [13, 173, 234],
  ],
} as const;

/** The contract IssueByQuorum. */
export const issueByQuorumContract: Contract<typeof issueByQuorumArtifact> =
  contract(issueByQuorumArtifact);

/** Arguments of IssueByQuorum. */
export type IssueByQuorumArguments = ContractArguments<typeof issueByQuorumArtifact>;

/** Names of the clauses of IssueByQuorum. */
export type IssueByQuorumClause = ClauseName<typeof issueByQuorumArtifact>;

/** Arguments of a clause of IssueByQuorum. */
export type IssueByQuorumClauseArguments<Clause extends IssueByQuorumClause> = ClauseArguments<
  typeof issueByQuorumArtifact,
  Clause
>;
