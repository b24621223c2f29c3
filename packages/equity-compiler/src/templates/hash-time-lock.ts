// Written by equity build --ts from HashTimeLock.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const hashTimeLockArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "HashTimeLock",
  params: [
    {
      name: "image",
      type: "Hash",
    },
    {
      name: "recipient",
      type: "PublicKey",
    },
    {
      name: "sender",
      type: "PublicKey",
    },
    {
      name: "refundHeight",
      type: "Integer",
    },
  ],
  clauses: [
    {
      name: "claim",
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
    {
      name: "refund",
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
  bytecode: "547a6416000000557aa888537a7cae7cac631f000000537acd9f6972ae7cac",
  opcodes:
    "4 ROLL JUMPIF:$refund $claim 5 ROLL SHA256 EQUALVERIFY 3 ROLL SWAP TXSIGHASH SWAP CHECKSIG JUMP:$_end $refund 3 ROLL BLOCKHEIGHT LESSTHAN VERIFY 2SWAP TXSIGHASH SWAP CHECKSIG $_end",
  file: "HashTimeLock.equity",
  source:
    "// Half of a swap across chains: the recipient claims with a secret, or the sender takes it back.\ncontract HashTimeLock(image: Hash, recipient: PublicKey, sender: PublicKey, refundHeight: Integer) locks amount of asset {\n  clause claim(secret: String, signature: Signature) {\n    verify sha256(secret) == image\n    verify checkTxSig(recipient, signature)\n    unlock amount of asset\n  }\n  clause refund(signature: Signature) {\n    verify above(refundHeight)\n    verify checkTxSig(sender, signature)\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 107, 119],
    [1, 107, 119],
    [2, 107, 119],
    [7, 294, 300],
    [8, 294, 300],
    [9, 287, 301],
    [10, 280, 310],
    [11, 344, 353],
    [12, 344, 353],
    [13, 333, 342],
    [14, 322, 354],
    [15, 322, 354],
    [16, 322, 354],
    [17, 230, 235],
    [22, 443, 455],
    [23, 443, 455],
    [24, 437, 456],
    [25, 437, 456],
    [26, 430, 456],
    [27, 479, 485],
    [28, 468, 497],
    [29, 468, 497],
    [30, 468, 497],
  ],
} as const;

/** The contract HashTimeLock. */
export const hashTimeLockContract: Contract<typeof hashTimeLockArtifact> =
  contract(hashTimeLockArtifact);

/** Arguments of HashTimeLock. */
export type HashTimeLockArguments = ContractArguments<typeof hashTimeLockArtifact>;

/** Names of the clauses of HashTimeLock. */
export type HashTimeLockClause = ClauseName<typeof hashTimeLockArtifact>;

/** Arguments of a clause of HashTimeLock. */
export type HashTimeLockClauseArguments<Clause extends HashTimeLockClause> = ClauseArguments<
  typeof hashTimeLockArtifact,
  Clause
>;
