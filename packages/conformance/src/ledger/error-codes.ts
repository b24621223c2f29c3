/**
 * The reference's error texts whose codes come from the error's name. Every other text gives its
 * code by itself: `run limit exceeded` is `run-limit-exceeded`.
 *
 * @see spec 10-ledger, section 7; spec 20-bvm, section 11
 */
const NAMED: { readonly [text: string]: string } = {
  "invalid transaction version": "tx-version",
  "invalid transaction size": "wrong-transaction-size",
  "invalid transaction time range": "bad-time-range",
  "got the empty InputIDs": "empty-input-ids",
  "not standard transaction": "not-standard-tx",
  "transaction has no results": "empty-results",
  "arithmetic overflow/underflow": "overflow",
  "no source for value": "no-source",
  "unbalanced asset amount between input and output": "unbalanced",
  "gas usage calculate got a math error": "gas-calculate",
  "all gas credit has been spend": "over-gas-credit",
  "wrong coinbase assetID": "wrong-coinbase-asset",
  "coinbase arbitrary size is larger than limit": "coinbase-arbitrary-oversize",
  "mismatched value source/dest position": "mismatched-position",
  "block's gas is over the limit": "block-gas-is-over-the-limit",
  "RETURN executed": "return",
  "unexpected end of program": "short-program",
  "alt stack underflow": "alt-stack-underflow",
  "program size exceeds max int32": "long-program",
  "division by zero": "div-zero",
  "range error": "range",
  "wrong context": "context",
};

/** The code of an error that the reference reports by its text. */
export function codeOfText(text: string): string {
  return NAMED[text] ?? text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
