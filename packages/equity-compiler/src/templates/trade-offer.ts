// Written by equity build --ts from TradeOffer.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const tradeOfferArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "TradeOffer",
  params: [
    {
      name: "wantedAsset",
      type: "Asset",
    },
    {
      name: "wantedAmount",
      type: "Amount",
    },
    {
      name: "seller",
      type: "Program",
    },
    {
      name: "sellerKey",
      type: "PublicKey",
    },
  ],
  clauses: [
    {
      name: "trade",
      params: [],
    },
    {
      name: "cancel",
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
  bytecode: "547a6413000000007b7b51547ac1631a000000547a547aae7cac",
  opcodes:
    "4 ROLL JUMPIF:$cancel $trade 0 ROT ROT 1 4 ROLL CHECKOUTPUT JUMP:$_end $cancel 4 ROLL 4 ROLL TXSIGHASH SWAP CHECKSIG $_end",
  file: "TradeOffer.equity",
  source:
    "// Value for sale at a fixed price, all of it at once.\ncontract TradeOffer(wantedAsset: Asset, wantedAmount: Amount, seller: Program, sellerKey: PublicKey) locks amount of asset {\n  clause trade() {\n    lock wantedAmount of wantedAsset with seller\n    unlock amount of asset\n  }\n  clause cancel(signature: Signature) {\n    verify checkTxSig(sellerKey, signature)\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 64, 74],
    [1, 64, 74],
    [2, 64, 74],
    [7, 203, 247],
    [8, 208, 220],
    [9, 224, 235],
    [10, 203, 247],
    [11, 241, 247],
    [12, 241, 247],
    [13, 203, 247],
    [14, 189, 194],
    [19, 352, 361],
    [20, 352, 361],
    [21, 341, 350],
    [22, 341, 350],
    [23, 330, 362],
    [24, 330, 362],
    [25, 330, 362],
  ],
} as const;

/** The contract TradeOffer. */
export const tradeOfferContract: Contract<typeof tradeOfferArtifact> = contract(tradeOfferArtifact);

/** Arguments of TradeOffer. */
export type TradeOfferArguments = ContractArguments<typeof tradeOfferArtifact>;

/** Names of the clauses of TradeOffer. */
export type TradeOfferClause = ClauseName<typeof tradeOfferArtifact>;

/** Arguments of a clause of TradeOffer. */
export type TradeOfferClauseArguments<Clause extends TradeOfferClause> = ClauseArguments<
  typeof tradeOfferArtifact,
  Clause
>;
