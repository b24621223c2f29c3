// Written by equity build --ts from Vault.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const vaultArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "Vault",
  params: [
    {
      name: "owner",
      type: "PublicKey",
    },
    {
      name: "opensAt",
      type: "Integer",
    },
    {
      name: "image",
      type: "Hash",
    },
  ],
  clauses: [
    {
      name: "wait",
      params: [
        {
          name: "signature",
          type: "Signature",
        },
      ],
    },
    {
      name: "reveal",
      params: [
        {
          name: "secret",
          type: "String",
        },
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
  bytecode: "537a64150000007ccd9f697b7cae7cac6320000000547aaa537a887b7cae7cac",
  opcodes:
    "3 ROLL JUMPIF:$reveal $wait SWAP BLOCKHEIGHT LESSTHAN VERIFY ROT SWAP TXSIGHASH SWAP CHECKSIG JUMP:$_end $reveal 4 ROLL SHA3 3 ROLL EQUALVERIFY ROT SWAP TXSIGHASH SWAP CHECKSIG $_end",
  file: "Vault.equity",
  source:
    "// Value that its owner gets after a height, or at any time with a second secret.\ncontract Vault(owner: PublicKey, opensAt: Integer, image: Hash) locks amount of asset {\n  clause wait(signature: Signature) {\n    verify above(opensAt)\n    verify checkTxSig(owner, signature)\n    unlock amount of asset\n  }\n  clause reveal(secret: String, signature: Signature) {\n    verify sha3(secret) == image\n    verify checkTxSig(owner, signature)\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 91, 96],
    [1, 91, 96],
    [2, 91, 96],
    [7, 225, 232],
    [8, 219, 233],
    [9, 219, 233],
    [10, 212, 233],
    [11, 263, 272],
    [12, 256, 261],
    [13, 245, 273],
    [14, 245, 273],
    [15, 245, 273],
    [16, 179, 183],
    [21, 377, 383],
    [22, 377, 383],
    [23, 372, 384],
    [24, 388, 393],
    [25, 388, 393],
    [26, 365, 393],
    [27, 423, 432],
    [28, 416, 421],
    [29, 405, 433],
    [30, 405, 433],
    [31, 405, 433],
  ],
} as const;

/** The contract Vault. */
export const vaultContract: Contract<typeof vaultArtifact> = contract(vaultArtifact);

/** Arguments of Vault. */
export type VaultArguments = ContractArguments<typeof vaultArtifact>;

/** Names of the clauses of Vault. */
export type VaultClause = ClauseName<typeof vaultArtifact>;

/** Arguments of a clause of Vault. */
export type VaultClauseArguments<Clause extends VaultClause> = ClauseArguments<
  typeof vaultArtifact,
  Clause
>;
