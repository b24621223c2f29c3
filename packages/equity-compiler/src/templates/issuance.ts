/**
 * Issuance programs of BAP assets for any number of keys. Equity has no lists of variable length,
 * so each number has a contract of its own.
 *
 * @see spec 35-bap-assets, section 4 "Issuance programs"
 */

export type IssuanceProgram = "IssueByQuorum" | "IssueCapped" | "IssueOne" | "IssueUntil";

export interface IssuanceOptions {
  readonly program: IssuanceProgram;
  /** Number of the issuers' keys, 1 to 100. */
  readonly keys: number;
  /** How many of them must sign, 1 to `keys`. */
  readonly quorum: number;
}

const MAX_KEYS = 100;

/** What each program demands besides the signatures. */
const CONDITIONS: Readonly<
  Record<IssuanceProgram, { readonly parameter: string; readonly condition: string }>
> = {
  IssueByQuorum: { parameter: "", condition: "" },
  IssueCapped: { parameter: "maxSupply: Amount, ", condition: "amount <= maxSupply" },
  IssueOne: { parameter: "", condition: "amount > 0 && amount < 2" },
  IssueUntil: { parameter: "issueUntil: Integer, ", condition: "below(issueUntil)" },
};

/**
 * The source text of an issuance program. Its keys are the parameters `key1`, `key2`, …; the
 * signatures of its clause `issue` are `signature1`, `signature2`, … in the order of the keys.
 *
 * @throws RangeError when there are no such keys or no such quorum
 * @example
 * const [program] = compile(issuanceSource({ program: "IssueOne", keys: 3, quorum: 2 }));
 */
export function issuanceSource({ program, keys, quorum }: IssuanceOptions): string {
  if (!Number.isInteger(keys) || keys < 1 || keys > MAX_KEYS)
    throw new RangeError(`not a number of keys: ${keys}`);
  if (!Number.isInteger(quorum) || quorum < 1 || quorum > keys)
    throw new RangeError(`not a quorum of ${keys} keys: ${quorum}`);
  const { parameter, condition } = CONDITIONS[program];
  const keyNames = names("key", keys);
  const signatureNames = names("signature", quorum);
  const verify = condition === "" ? "" : `    verify ${condition}\n`;
  return `contract ${program}(${parameter}${keyNames}: PublicKey) locks amount of asset {
  clause issue(${signatureNames}: Signature) {
${verify}    verify checkTxMultiSig([${keyNames}], [${signatureNames}])
    unlock amount of asset
  }
}
`;
}

function names(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`).join(", ");
}
