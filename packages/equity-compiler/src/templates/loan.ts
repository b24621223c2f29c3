// Written by equity build --ts from Loan.equity.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from "../index.ts";

export const loanArtifact = {
  format: "equity-artifact-1",
  compiler: "source",
  dialect: "0.1.1",
  name: "Loan",
  params: [
    {
      name: "owedAsset",
      type: "Asset",
    },
    {
      name: "owedAmount",
      type: "Amount",
    },
    {
      name: "dueHeight",
      type: "Integer",
    },
    {
      name: "lender",
      type: "Program",
    },
    {
      name: "borrower",
      type: "Program",
    },
  ],
  clauses: [
    {
      name: "repay",
      params: [],
    },
    {
      name: "seize",
      params: [],
    },
  ],
  value: {
    amount: "collateral",
    asset: "collateralAsset",
  },
  recursive: false,
  bytecode: "557a641b000000007b7b51557ac16951c3c251557ac163260000007bcd9f6900c3c251567ac1",
  opcodes:
    "5 ROLL JUMPIF:$seize $repay 0 ROT ROT 1 5 ROLL CHECKOUTPUT VERIFY 1 AMOUNT ASSET 1 5 ROLL CHECKOUTPUT JUMP:$_end $seize ROT BLOCKHEIGHT LESSTHAN VERIFY 0 AMOUNT ASSET 1 6 ROLL CHECKOUTPUT $_end",
  file: "Loan.equity",
  source:
    "// Collateral that the borrower gets back by repaying, or the lender after the due height.\ncontract Loan(owedAsset: Asset, owedAmount: Amount, dueHeight: Integer, lender: Program, borrower: Program) locks collateral of collateralAsset {\n  clause repay() {\n    lock owedAmount of owedAsset with lender\n    lock collateral of collateralAsset with borrower\n  }\n  clause seize() {\n    verify above(dueHeight)\n    lock collateral of collateralAsset with lender\n  }\n}\n",
  sourceMap: [
    [0, 100, 104],
    [1, 100, 104],
    [2, 100, 104],
    [7, 260, 300],
    [8, 265, 275],
    [9, 279, 288],
    [10, 260, 300],
    [11, 294, 300],
    [12, 294, 300],
    [13, 260, 300],
    [14, 260, 300],
    [15, 305, 353],
    [16, 310, 320],
    [17, 324, 339],
    [18, 305, 353],
    [19, 345, 353],
    [20, 345, 353],
    [21, 305, 353],
    [22, 246, 251],
    [27, 394, 403],
    [28, 388, 404],
    [29, 388, 404],
    [30, 381, 404],
    [31, 409, 455],
    [32, 414, 424],
    [33, 428, 443],
    [34, 409, 455],
    [35, 449, 455],
    [36, 449, 455],
    [37, 409, 455],
  ],
} as const;

/** The contract Loan. */
export const loanContract: Contract<typeof loanArtifact> = contract(loanArtifact);

/** Arguments of Loan. */
export type LoanArguments = ContractArguments<typeof loanArtifact>;

/** Names of the clauses of Loan. */
export type LoanClause = ClauseName<typeof loanArtifact>;

/** Arguments of a clause of Loan. */
export type LoanClauseArguments<Clause extends LoanClause> = ClauseArguments<
  typeof loanArtifact,
  Clause
>;
