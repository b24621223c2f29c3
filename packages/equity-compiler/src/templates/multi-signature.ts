// Written by equity build --ts from MultiSignature.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const multiSignatureArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "MultiSignature",
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
      name: "spend",
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
  file: "MultiSignature.equity",
  source:
    "// Value that two of three keys can spend together.\ncontract MultiSignature(key1, key2, key3: PublicKey) locks amount of asset {\n  clause spend(signature1, signature2: Signature) {\n    verify checkTxMultiSig([key1, key2, key3], [signature1, signature2])\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 241, 251],
    [1, 241, 251],
    [2, 229, 239],
    [3, 229, 239],
    [4, 228, 252],
    [5, 228, 252],
    [6, 192, 253],
    [7, 215, 219],
    [8, 209, 213],
    [9, 209, 213],
    [10, 208, 226],
    [11, 192, 253],
    [12, 192, 253],
    [13, 192, 253],
  ],
} as const;

/** The contract MultiSignature. */
export const multiSignatureContract: Contract<typeof multiSignatureArtifact> =
  contract(multiSignatureArtifact);

/** Arguments of MultiSignature. */
export type MultiSignatureArguments = ContractArguments<typeof multiSignatureArtifact>;

/** Names of the clauses of MultiSignature. */
export type MultiSignatureClause = ClauseName<typeof multiSignatureArtifact>;

/** Arguments of a clause of MultiSignature. */
export type MultiSignatureClauseArguments<Clause extends MultiSignatureClause> = ClauseArguments<
  typeof multiSignatureArtifact,
  Clause
>;
