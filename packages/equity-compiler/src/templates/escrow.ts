// Written by equity build --ts from Escrow.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const escrowArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "Escrow",
  params: [
    {
      name: "agent",
      type: "PublicKey",
    },
    {
      name: "sender",
      type: "Program",
    },
    {
      name: "recipient",
      type: "Program",
    },
  ],
  clauses: [
    {
      name: "approve",
      params: [
        {
          name: "signature",
          type: "Signature",
        },
      ],
    },
    {
      name: "reject",
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
  bytecode: "537a641a000000537a7cae7cac6900c3c251557ac16328000000537a7cae7cac6900c3c251547ac1",
  opcodes:
    "3 ROLL JUMPIF:$reject $approve 3 ROLL SWAP TXSIGHASH SWAP CHECKSIG VERIFY 0 AMOUNT ASSET 1 5 ROLL CHECKOUTPUT JUMP:$_end $reject 3 ROLL SWAP TXSIGHASH SWAP CHECKSIG VERIFY 0 AMOUNT ASSET 1 4 ROLL CHECKOUTPUT $_end",
  file: "Escrow.equity",
  source:
    "// Value that an agent gives to the recipient or back to the sender, and to nobody else.\ncontract Escrow(agent: PublicKey, sender: Program, recipient: Program) locks amount of asset {\n  clause approve(signature: Signature) {\n    verify checkTxSig(agent, signature)\n    lock amount of asset with recipient\n  }\n  clause reject(signature: Signature) {\n    verify checkTxSig(agent, signature)\n    lock amount of asset with sender\n  }\n}\n",
  sourceMap: [
    [0, 98, 104],
    [1, 98, 104],
    [2, 98, 104],
    [7, 254, 263],
    [8, 254, 263],
    [9, 247, 252],
    [10, 236, 264],
    [11, 236, 264],
    [12, 236, 264],
    [13, 229, 264],
    [14, 269, 304],
    [15, 274, 280],
    [16, 284, 289],
    [17, 269, 304],
    [18, 295, 304],
    [19, 295, 304],
    [20, 269, 304],
    [21, 193, 200],
    [26, 378, 387],
    [27, 378, 387],
    [28, 371, 376],
    [29, 360, 388],
    [30, 360, 388],
    [31, 360, 388],
    [32, 353, 388],
    [33, 393, 425],
    [34, 398, 404],
    [35, 408, 413],
    [36, 393, 425],
    [37, 419, 425],
    [38, 419, 425],
    [39, 393, 425],
  ],
} as const;

/** The contract Escrow. */
export const escrowContract: Contract<typeof escrowArtifact> = contract(escrowArtifact);

/** Arguments of Escrow. */
export type EscrowArguments = ContractArguments<typeof escrowArtifact>;

/** Names of the clauses of Escrow. */
export type EscrowClause = ClauseName<typeof escrowArtifact>;

/** Arguments of a clause of Escrow. */
export type EscrowClauseArguments<Clause extends EscrowClause> = ClauseArguments<
  typeof escrowArtifact,
  Clause
>;
