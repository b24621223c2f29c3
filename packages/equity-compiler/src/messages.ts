/** Sentences for people. The first word of each is lower case, so that it can follow a place. */
import type { EquityErrorCode } from "./error.ts";
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_FILES,
  MAX_MOVED_CELLS,
  MAX_NAMES,
  MAX_NESTING,
  MAX_OPCODES_LENGTH,
  MAX_RUN_OPCODES_LENGTH,
  MAX_SOURCE_BYTES,
} from "./limits.ts";

type Message = string | ((...names: string[]) => string);

const typed = (type = ""): string => (type === "" ? "no type" : `type "${type}"`);
const ordinal = (index = "0"): string => `argument ${Number(index) + 1}`;

const MESSAGES: Readonly<Record<EquityErrorCode, Message>> = {
  "expected-contract": "expected contract",
  "expected-identifier": "expected identifier",
  "expected-keyword": (keyword) => `expected keyword ${keyword}`,
  "expected-token": (token) => `expected ${token}`,
  "odd-hex": "odd number of hex digits",
  "unknown-statement": (word) =>
    word === "" ? "expected a statement" : `unknown statement ${word}`,
  "unknown-type": (name) => `unknown type ${name}`,
  "unterminated-string": "unterminated string",
  "import-cycle": (path) => `file "${path}" imports itself, directly or through others`,
  "import-empty": "import path is empty",
  "import-format": "expected a quoted path after import",
  "import-open": (path) => `cannot open import "${path}"`,
  "import-parse": (path) => `cannot parse import "${path}"`,
  "import-path": (path) => (path === undefined ? "no such file" : `no such file "${path}"`),
  "import-read": (path) => `cannot read import "${path}"`,

  "assign-not-a-variable": (clause) =>
    `assign in clause "${clause}" has a target that is not a variable of the clause`,
  "assign-type": (clause, has, must) =>
    `expression in assign statement in clause "${clause}" has ${typed(has)}, must be ${must}`,
  "assign-undefined": (name, clause) => `variable "${name}" is not defined in clause "${clause}"`,
  "boolean-compare": (text, operator) =>
    `Boolean operands of "${operator}" in "${text}" cannot be compared`,
  "builtin-arg-count": (name, have, want) => `got ${have} argument(s) for "${name}", want ${want}`,
  "builtin-arg-type": (index, name, has, must) =>
    `${ordinal(index)} of "${name}" has ${typed(has)}, must be ${must}`,
  "clause-param-unused": (name, clause) => `parameter "${name}" is unused in clause "${clause}"`,
  "contract-arg-count": (name, want, have) =>
    `got ${have} argument(s) for contract "${name}", want ${want}`,
  "contract-arg-type": (index, name, has, must) =>
    `${ordinal(index)} of contract "${name}" has ${typed(has)}, must be ${must}`,
  "contract-not-compiled-yet": (name) => `contract "${name}" is used before it is defined`,
  crash: "a variable without a value is set before it has a place on the stack",
  "define-type": (clause, has, must) =>
    `expression in define statement in clause "${clause}" has ${typed(has)}, must be ${must}`,
  "define-unused": (name, clause) => `variable "${name}" is unused in clause "${clause}"`,
  "empty-contract": "contract has no clauses",
  "if-lock-count": (clause) =>
    `the bodies of an if in clause "${clause}" have different numbers of outputs`,
  "label-redefined": (label) => `label "${label}" is defined twice`,
  "left-operand-type": (text, has, must) =>
    `left operand of "${text}" has ${typed(has)}, must be ${must}`,
  "list-outside-call": "a list can only be an argument of a function",
  "lock-amount-type": (text, clause, has) =>
    `amount "${text}" of lock statement in clause "${clause}" has ${typed(has)}, must be Amount or Integer`,
  "lock-asset-type": (text, clause, has) =>
    `asset "${text}" of lock statement in clause "${clause}" has ${typed(has)}, must be Asset`,
  "lock-program-type": (clause, has) =>
    `program of lock statement in clause "${clause}" has ${typed(has)}, must be Program`,
  "multisig-needs-list": (index) => `${ordinal(index)} of "checkTxMultiSig" must be a list`,
  "name-conflict": (role, name, other) => `${role} "${name}" conflicts with ${other}`,
  "param-unused": (name) => `parameter "${name}" is unused`,
  "right-operand-type": (text, has, must) =>
    `right operand of "${text}" has ${typed(has)}, must be ${must}`,
  "sig-param": (name) => `contract parameter "${name}" has type Signature`,
  "type-mismatch": (text, left, right) =>
    `operands of "${text}" have different types: ${typed(left)} and ${typed(right)}`,
  "unary-operand-type": (text, has, must) =>
    `operand of "${text}" has ${typed(has)}, must be ${must}`,
  "undefined-reference": (name) => `"${name}" is not defined here`,
  "unknown-function": (text) => `unknown function "${text}"`,
  "unlock-amount-type": (text, clause, has) =>
    `amount "${text}" of unlock statement in clause "${clause}" has ${typed(has)}, must be Amount or Integer`,
  "unlock-asset-type": (text, clause, has) =>
    `asset "${text}" of unlock statement in clause "${clause}" has ${typed(has)}, must be Asset`,
  "unlock-not-contract-value": (amount, asset, clause) =>
    `unlock of ${amount} of ${asset} in clause "${clause}" is not of the locked value`,
  "verify-type": (clause, has) =>
    `expression in verify statement in clause "${clause}" has type "${has}", must be Boolean`,

  "description-too-large": `more than ${MAX_DESCRIPTION_LENGTH} characters of source texts of variables in the output`,
  "nesting-too-deep": `more than ${MAX_NESTING} levels of nesting`,
  "program-too-large": `more than ${MAX_OPCODES_LENGTH} characters of opcodes (${MAX_RUN_OPCODES_LENGTH} in all contracts), a push that is too long, or more than ${MAX_MOVED_CELLS} stack items moved`,
  "source-too-large": `more than ${MAX_SOURCE_BYTES} bytes of source text`,
  "too-many-files": `more than ${MAX_FILES} imported files`,
  "too-many-names": `more than ${MAX_NAMES} names in one clause`,

  "argument-count": (have, want) => `got ${have} argument(s), want ${want}`,
  "argument-format": (name, type, text) => `argument "${name}" is not a ${type}: ${text}`,
  "argument-type": (index, want) => `type mismatch in arg ${index} (want ${want})`,
  "bad-artifact": (what) => `not an artifact of this compiler: ${what}`,
  "clause-shift": (have, want) =>
    have === undefined
      ? "the program cannot be decoded"
      : `found ${have} clause jump(s) in the program, want ${want}`,
  "unknown-clause": (name, contract) => `contract "${contract}" has no clause "${name}"`,
  "unknown-contract": (name) => `no contract "${name}"`,
};

/** What an error says: the facts filled into the sentence of its code. */
export function errorMessage(code: EquityErrorCode, names: readonly string[]): string {
  const message = MESSAGES[code];
  return typeof message === "string" ? message : message(...names);
}
