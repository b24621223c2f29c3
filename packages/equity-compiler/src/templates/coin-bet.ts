// Written by equity build --ts from CoinBet.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const coinBetArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "CoinBet",
  params: [
    {
      name: "commitment1",
      type: "Hash",
    },
    {
      name: "commitment2",
      type: "Hash",
    },
    {
      name: "player1",
      type: "Program",
    },
    {
      name: "player2",
      type: "Program",
    },
    {
      name: "deadline",
      type: "Integer",
    },
  ],
  clauses: [
    {
      name: "reveal",
      params: [
        {
          name: "secret1",
          type: "String",
        },
        {
          name: "secret2",
          type: "String",
        },
      ],
    },
    {
      name: "claim1",
      params: [
        {
          name: "secret1",
          type: "String",
        },
      ],
    },
    {
      name: "claim2",
      params: [
        {
          name: "secret2",
          type: "String",
        },
      ],
    },
  ],
  value: {
    amount: "pot",
    asset: "coin",
  },
  recursive: false,
  bytecode:
    "557a76529c645a00000064450000005679aa885479aa88547a8277547a827793529700879161643800000000c3c2515479c169634000000000c3c2515579c169636c000000547acd9f69547aaa8800c3c251557ac1636c00000075547acd9f69547aaa7b8800c3c251567ac1",
  opcodes:
    "5 ROLL DUP 2 NUMEQUAL JUMPIF:$claim2 JUMPIF:$claim1 $reveal 6 PICK SHA3 EQUALVERIFY 4 PICK SHA3 EQUALVERIFY 4 ROLL SIZE NIP 4 ROLL SIZE NIP ADD 2 MOD 0 EQUAL NOT NOP JUMPIF:$else_1 $if_1 0 AMOUNT ASSET 1 4 PICK CHECKOUTPUT VERIFY JUMP:$endif_1 $else_1 0 AMOUNT ASSET 1 5 PICK CHECKOUTPUT VERIFY $endif_1 JUMP:$_end $claim1 4 ROLL BLOCKHEIGHT LESSTHAN VERIFY 4 ROLL SHA3 EQUALVERIFY 0 AMOUNT ASSET 1 5 ROLL CHECKOUTPUT JUMP:$_end $claim2 DROP 4 ROLL BLOCKHEIGHT LESSTHAN VERIFY 4 ROLL SHA3 ROT EQUALVERIFY 0 AMOUNT ASSET 1 6 ROLL CHECKOUTPUT $_end",
  file: "CoinBet.equity",
  source:
    "// A bet on the lengths of two secrets: an even sum wins for player one, an odd one for player two.\ncontract CoinBet(commitment1, commitment2: Hash, player1, player2: Program, deadline: Integer) locks pot of coin {\n  clause reveal(secret1, secret2: String) {\n    verify sha3(secret1) == commitment1\n    verify sha3(secret2) == commitment2\n    if (size(secret1) + size(secret2)) % 2 == 0 {\n      lock pot of coin with player1\n    } else {\n      lock pot of coin with player2\n    }\n  }\n  clause claim1(secret1: String) {\n    verify above(deadline)\n    verify sha3(secret1) == commitment1\n    lock pot of coin with player1\n  }\n  clause claim2(secret2: String) {\n    verify above(deadline)\n    verify sha3(secret2) == commitment2\n    lock pot of coin with player2\n  }\n}\n",
  sourceMap: [
    [0, 109, 116],
    [1, 109, 116],
    [2, 109, 116],
    [3, 109, 116],
    [4, 109, 116],
    [5, 109, 116],
    [10, 109, 116],
    [15, 275, 282],
    [16, 275, 282],
    [17, 270, 283],
    [18, 263, 298],
    [19, 315, 322],
    [20, 315, 322],
    [21, 310, 323],
    [22, 303, 338],
    [23, 352, 359],
    [24, 352, 359],
    [25, 347, 360],
    [26, 347, 360],
    [27, 368, 375],
    [28, 368, 375],
    [29, 363, 376],
    [30, 363, 376],
    [31, 346, 377],
    [32, 380, 381],
    [33, 346, 381],
    [34, 385, 386],
    [35, 346, 386],
    [36, 343, 479],
    [37, 343, 479],
    [38, 343, 479],
    [43, 395, 424],
    [44, 400, 403],
    [45, 407, 411],
    [46, 395, 424],
    [47, 417, 424],
    [48, 417, 424],
    [49, 395, 424],
    [50, 395, 424],
    [51, 343, 479],
    [56, 444, 473],
    [57, 449, 452],
    [58, 456, 460],
    [59, 444, 473],
    [60, 466, 473],
    [61, 466, 473],
    [62, 444, 473],
    [63, 444, 473],
    [64, 224, 230],
    [69, 536, 544],
    [70, 536, 544],
    [71, 530, 545],
    [72, 530, 545],
    [73, 523, 545],
    [74, 562, 569],
    [75, 562, 569],
    [76, 557, 570],
    [77, 550, 585],
    [78, 590, 619],
    [79, 595, 598],
    [80, 602, 606],
    [81, 590, 619],
    [82, 612, 619],
    [83, 612, 619],
    [84, 590, 619],
    [85, 493, 499],
    [90, 633, 639],
    [91, 676, 684],
    [92, 676, 684],
    [93, 670, 685],
    [94, 670, 685],
    [95, 663, 685],
    [96, 702, 709],
    [97, 702, 709],
    [98, 697, 710],
    [99, 714, 725],
    [100, 690, 725],
    [101, 730, 759],
    [102, 735, 738],
    [103, 742, 746],
    [104, 730, 759],
    [105, 752, 759],
    [106, 752, 759],
    [107, 730, 759],
  ],
} as const;

/** The contract CoinBet. */
export const coinBetContract: Contract<typeof coinBetArtifact> = contract(coinBetArtifact);

/** Arguments of CoinBet. */
export type CoinBetArguments = ContractArguments<typeof coinBetArtifact>;

/** Names of the clauses of CoinBet. */
export type CoinBetClause = ClauseName<typeof coinBetArtifact>;

/** Arguments of a clause of CoinBet. */
export type CoinBetClauseArguments<Clause extends CoinBetClause> = ClauseArguments<
  typeof coinBetArtifact,
  Clause
>;
