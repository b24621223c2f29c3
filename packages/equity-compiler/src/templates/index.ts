export {
  type CallOptionArguments,
  type CallOptionClause,
  type CallOptionClauseArguments,
  callOptionArtifact,
  callOptionContract,
} from "./call-option.ts";
export {
  type CoinBetArguments,
  type CoinBetClause,
  type CoinBetClauseArguments,
  coinBetArtifact,
  coinBetContract,
} from "./coin-bet.ts";
export {
  type EscrowArguments,
  type EscrowClause,
  type EscrowClauseArguments,
  escrowArtifact,
  escrowContract,
} from "./escrow.ts";
export {
  type HashTimeLockArguments,
  type HashTimeLockClause,
  type HashTimeLockClauseArguments,
  hashTimeLockArtifact,
  hashTimeLockContract,
} from "./hash-time-lock.ts";
export { type IssuanceOptions, type IssuanceProgram, issuanceSource } from "./issuance.ts";
export {
  type IssueByQuorumArguments,
  type IssueByQuorumClause,
  type IssueByQuorumClauseArguments,
  issueByQuorumArtifact,
  issueByQuorumContract,
} from "./issue-by-quorum.ts";
export {
  type IssueCappedArguments,
  type IssueCappedClause,
  type IssueCappedClauseArguments,
  issueCappedArtifact,
  issueCappedContract,
} from "./issue-capped.ts";
export {
  type IssueOneArguments,
  type IssueOneClause,
  type IssueOneClauseArguments,
  issueOneArtifact,
  issueOneContract,
} from "./issue-one.ts";
export {
  type IssueUntilArguments,
  type IssueUntilClause,
  type IssueUntilClauseArguments,
  issueUntilArtifact,
  issueUntilContract,
} from "./issue-until.ts";
export {
  type LoanArguments,
  type LoanClause,
  type LoanClauseArguments,
  loanArtifact,
  loanContract,
} from "./loan.ts";
export {
  type MultiSignatureArguments,
  type MultiSignatureClause,
  type MultiSignatureClauseArguments,
  multiSignatureArtifact,
  multiSignatureContract,
} from "./multi-signature.ts";
export {
  type PartialTradeArguments,
  type PartialTradeClause,
  type PartialTradeClauseArguments,
  partialTradeArtifact,
  partialTradeContract,
} from "./partial-trade.ts";
export {
  type PriceChangerArguments,
  type PriceChangerClause,
  type PriceChangerClauseArguments,
  priceChangerArtifact,
  priceChangerContract,
} from "./price-changer.ts";
export {
  type SingleSignatureArguments,
  type SingleSignatureClause,
  type SingleSignatureClauseArguments,
  singleSignatureArtifact,
  singleSignatureContract,
} from "./single-signature.ts";
export {
  type TradeOfferArguments,
  type TradeOfferClause,
  type TradeOfferClauseArguments,
  tradeOfferArtifact,
  tradeOfferContract,
} from "./trade-offer.ts";
export {
  type VaultArguments,
  type VaultClause,
  type VaultClauseArguments,
  vaultArtifact,
  vaultContract,
} from "./vault.ts";
