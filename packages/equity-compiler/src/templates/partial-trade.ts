// Written by equity build --ts from PartialTrade.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const partialTradeArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "PartialTrade",
  params: [
    {
      name: "wantedAsset",
      type: "Asset",
    },
    {
      name: "numerator",
      type: "Integer",
    },
    {
      name: "denominator",
      type: "Integer",
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
      name: "part",
      params: [
        {
          name: "payment",
          type: "Amount",
        },
      ],
    },
    {
      name: "whole",
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
  recursive: true,
  bytecode:
    "567a76529c646b00000064530000005679547995537996c37800a052797b9f9a6900587a5479515979c16951c37b94c251005a7a89597a89587a89577a89567a89557a890274787e008901c07ec16373000000c3537a95537a967600a069007c537a51557ac1637300000075567a567aae7cac",
  opcodes:
    "6 ROLL DUP 2 NUMEQUAL JUMPIF:$cancel JUMPIF:$whole $part 6 PICK 4 PICK MUL 3 PICK DIV AMOUNT OVER 0 GREATERTHAN 2 PICK ROT LESSTHAN BOOLAND VERIFY 0 8 ROLL 4 PICK 1 9 PICK CHECKOUTPUT VERIFY 1 AMOUNT ROT SUB ASSET 1 0 10 ROLL CATPUSHDATA 9 ROLL CATPUSHDATA 8 ROLL CATPUSHDATA 7 ROLL CATPUSHDATA 6 ROLL CATPUSHDATA 5 ROLL CATPUSHDATA 0x7478 CAT 0 CATPUSHDATA 192 CAT CHECKOUTPUT JUMP:$_end $whole AMOUNT 3 ROLL MUL 3 ROLL DIV DUP 0 GREATERTHAN VERIFY 0 SWAP 3 ROLL 1 5 ROLL CHECKOUTPUT JUMP:$_end $cancel DROP 6 ROLL 6 ROLL TXSIGHASH SWAP CHECKSIG $_end",
  file: "PartialTrade.equity",
  source:
    "// Value for sale by the piece, at a fixed rate.\ncontract PartialTrade(wantedAsset: Asset, numerator, denominator: Integer, seller: Program, sellerKey: PublicKey) locks amount of asset {\n  clause part(payment: Amount) {\n    define bought: Integer = payment * denominator / numerator\n    verify bought > 0 && bought < amount\n    lock payment of wantedAsset with seller\n    lock amount - bought of asset with PartialTrade(wantedAsset, numerator, denominator, seller, sellerKey)\n    unlock bought of asset\n  }\n  clause whole() {\n    define price: Integer = amount * numerator / denominator\n    verify price > 0\n    lock price of wantedAsset with seller\n    unlock amount of asset\n  }\n  clause cancel(signature: Signature) {\n    verify checkTxSig(sellerKey, signature)\n    unlock amount of asset\n  }\n}\n",
  sourceMap: [
    [0, 58, 70],
    [1, 58, 70],
    [2, 58, 70],
    [3, 58, 70],
    [4, 58, 70],
    [5, 58, 70],
    [10, 58, 70],
    [15, 249, 256],
    [16, 249, 256],
    [17, 259, 270],
    [18, 259, 270],
    [19, 249, 270],
    [20, 273, 282],
    [21, 273, 282],
    [22, 249, 282],
    [23, 294, 323],
    [24, 294, 300],
    [25, 303, 304],
    [26, 294, 304],
    [27, 308, 314],
    [28, 308, 314],
    [29, 317, 323],
    [30, 308, 323],
    [31, 294, 323],
    [32, 287, 323],
    [33, 328, 367],
    [34, 333, 340],
    [35, 333, 340],
    [36, 344, 355],
    [37, 344, 355],
    [38, 328, 367],
    [39, 361, 367],
    [40, 361, 367],
    [41, 328, 367],
    [42, 328, 367],
    [43, 372, 475],
    [44, 377, 392],
    [45, 386, 392],
    [46, 377, 392],
    [47, 396, 401],
    [48, 372, 475],
    [49, 407, 475],
    [50, 465, 474],
    [51, 465, 474],
    [52, 407, 475],
    [53, 457, 463],
    [54, 457, 463],
    [55, 407, 475],
    [56, 444, 455],
    [57, 444, 455],
    [58, 407, 475],
    [59, 433, 442],
    [60, 433, 442],
    [61, 407, 475],
    [62, 420, 431],
    [63, 420, 431],
    [64, 407, 475],
    [65, 407, 475],
    [66, 407, 475],
    [67, 407, 475],
    [68, 407, 475],
    [71, 407, 475],
    [72, 407, 475],
    [73, 407, 475],
    [74, 407, 475],
    [76, 407, 475],
    [77, 372, 475],
    [78, 196, 200],
    [83, 554, 586],
    [84, 563, 572],
    [85, 563, 572],
    [86, 554, 572],
    [87, 575, 586],
    [88, 575, 586],
    [89, 554, 586],
    [90, 598, 603],
    [91, 606, 607],
    [92, 598, 607],
    [93, 591, 607],
    [94, 612, 649],
    [95, 617, 622],
    [96, 626, 637],
    [97, 626, 637],
    [98, 612, 649],
    [99, 643, 649],
    [100, 643, 649],
    [101, 612, 649],
    [102, 516, 521],
    [107, 690, 696],
    [108, 754, 763],
    [109, 754, 763],
    [110, 743, 752],
    [111, 743, 752],
    [112, 732, 764],
    [113, 732, 764],
    [114, 732, 764],
  ],
} as const;

/** The contract PartialTrade. */
export const partialTradeContract: Contract<typeof partialTradeArtifact> =
  contract(partialTradeArtifact);

/** Arguments of PartialTrade. */
export type PartialTradeArguments = ContractArguments<typeof partialTradeArtifact>;

/** Names of the clauses of PartialTrade. */
export type PartialTradeClause = ClauseName<typeof partialTradeArtifact>;

/** Arguments of a clause of PartialTrade. */
export type PartialTradeClauseArguments<Clause extends PartialTradeClause> = ClauseArguments<
  typeof partialTradeArtifact,
  Clause
>;
