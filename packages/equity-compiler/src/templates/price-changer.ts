// Written by equity build --ts from PriceChanger.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const priceChangerArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "PriceChanger",
  params: [
    {
      name: "askAmount",
      type: "Amount",
    },
    {
      name: "askAsset",
      type: "Asset",
    },
    {
      name: "sellerKey",
      type: "PublicKey",
    },
    {
      name: "seller",
      type: "Program",
    },
  ],
  clauses: [
    {
      name: "changePrice",
      params: [
        {
          name: "newAmount",
          type: "Amount",
        },
        {
          name: "newAsset",
          type: "Asset",
        },
        {
          name: "signature",
          type: "Signature",
        },
      ],
    },
    {
      name: "buy",
      params: [],
    },
  ],
  value: {
    amount: "amount",
    asset: "asset",
  },
  recursive: true,
  bytecode:
    "557a6432000000557a5479ae7cac6900c3c25100597a89587a89587a89587a89557a890274787e008901c07ec1633a000000007b537a51567ac1",
  opcodes:
    "5 ROLL JUMPIF:$buy $changePrice 5 ROLL 4 PICK TXSIGHASH SWAP CHECKSIG VERIFY 0 AMOUNT ASSET 1 0 9 ROLL CATPUSHDATA 8 ROLL CATPUSHDATA 8 ROLL CATPUSHDATA 8 ROLL CATPUSHDATA 5 ROLL CATPUSHDATA 0x7478 CAT 0 CATPUSHDATA 192 CAT CHECKOUTPUT JUMP:$_end $buy 0 ROT 3 ROLL 1 6 ROLL CHECKOUTPUT $_end",
  file: "PriceChanger.equity",
  source:
    "// Value for sale at a price that the seller may change.\ncontract PriceChanger(askAmount: Amount, askAsset: Asset, sellerKey: PublicKey, seller: Program) locks amount of asset {\n  clause changePrice(newAmount: Amount, newAsset: Asset, signature: Signature) {\n    verify checkTxSig(sellerKey, signature)\n    lock amount of asset with PriceChanger(newAmount, newAsset, sellerKey, seller)\n  }\n  clause buy() {\n    lock askAmount of askAsset with seller\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 66, 78],
    [1, 66, 78],
    [2, 66, 78],
    [7, 292, 301],
    [8, 292, 301],
    [9, 281, 290],
    [10, 281, 290],
    [11, 270, 302],
    [12, 270, 302],
    [13, 270, 302],
    [14, 263, 302],
    [15, 307, 385],
    [16, 312, 318],
    [17, 322, 327],
    [18, 307, 385],
    [19, 333, 385],
    [20, 378, 384],
    [21, 378, 384],
    [22, 333, 385],
    [23, 367, 376],
    [24, 367, 376],
    [25, 333, 385],
    [26, 357, 365],
    [27, 357, 365],
    [28, 333, 385],
    [29, 346, 355],
    [30, 346, 355],
    [31, 333, 385],
    [32, 333, 385],
    [33, 333, 385],
    [34, 333, 385],
    [35, 333, 385],
    [38, 333, 385],
    [39, 333, 385],
    [40, 333, 385],
    [41, 333, 385],
    [43, 333, 385],
    [44, 307, 385],
    [45, 187, 198],
    [50, 411, 449],
    [51, 416, 425],
    [52, 429, 437],
    [53, 429, 437],
    [54, 411, 449],
    [55, 443, 449],
    [56, 443, 449],
    [57, 411, 449],
  ],
} as const;

/** The contract PriceChanger. */
export const priceChangerContract: Contract<typeof priceChangerArtifact> =
  contract(priceChangerArtifact);

/** Arguments of PriceChanger. */
export type PriceChangerArguments = ContractArguments<typeof priceChangerArtifact>;

/** Names of the clauses of PriceChanger. */
export type PriceChangerClause = ClauseName<typeof priceChangerArtifact>;

/** Arguments of a clause of PriceChanger. */
export type PriceChangerClauseArguments<Clause extends PriceChangerClause> = ClauseArguments<
  typeof priceChangerArtifact,
  Clause
>;
