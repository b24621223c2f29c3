// Written by equity build --ts from SingleSignature.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const singleSignatureArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "SingleSignature",
  params: [
    {
      name: "owner",
      type: "PublicKey",
    },
  ],
  clauses: [
    {
      name: "spend",
      params: [
        {
          name: "signature",
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
  bytecode: "ae7cac",
  opcodes: "TXSIGHASH SWAP CHECKSIG",
  file: "SingleSignature.equity",
  source:
    "// Value that one key can spend.\ncontract SingleSignature(owner: PublicKey) locks amount of asset {\n  clause spend(signature: Signature) {\n    verify checkTxSig(owner, signature)\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 150, 178],
    [1, 150, 178],
    [2, 150, 178],
  ],
} as const;

/** The contract SingleSignature. */
export const singleSignatureContract: Contract<typeof singleSignatureArtifact> =
  contract(singleSignatureArtifact);

/** Arguments of SingleSignature. */
export type SingleSignatureArguments = ContractArguments<typeof singleSignatureArtifact>;

/** Names of the clauses of SingleSignature. */
export type SingleSignatureClause = ClauseName<typeof singleSignatureArtifact>;

/** Arguments of a clause of SingleSignature. */
export type SingleSignatureClauseArguments<Clause extends SingleSignatureClause> = ClauseArguments<
  typeof singleSignatureArtifact,
  Clause
>;
