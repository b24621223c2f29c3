import {
  isP2wpkh,
  isP2wsh,
  isStandardProgram,
  isStraightforward,
  isUnspendable,
  witnessHash,
} from "@bystack/butxo";
import { issuanceHeight, multisigProgram, retireProgram, witnessProgram } from "@bystack/bvm";
import { bytes, count, equal, type Fields, integer, list, text } from "../check.ts";
import type { Handler } from "../runner.ts";
import { checkLists, compareFields } from "./describe.ts";
import { checkError } from "./reference-error.ts";

/** `programs`: classification, multisig and retirement programs. */
export const programs: Handler = (file, context) => {
  checkLists(file, context, {
    classify: checkClass,
    multisig: checkMultisig,
    retire: ({ comment, program }) =>
      equal(retireProgram(bytes(comment, "comment")), program, "program"),
  });
};

/** What the virtual machine runs for a control program. */
export function executedProgram(program: Uint8Array): Uint8Array {
  return witnessHash(program) === undefined ? program : witnessProgram(program);
}

function checkClass({ program: hex, ...rest }: Fields): void {
  const program = bytes(hex, "program");
  const ours = {
    p2wpkh: isP2wpkh(program),
    p2wsh: isP2wsh(program),
    straightforward: isStraightforward(program),
    standard: isStandardProgram(program),
    unspendable: isUnspendable(program),
    executed_program: executedProgram(program),
  };
  compareFields(ours, rest, "program");
}

function checkMultisig({
  block_height,
  public_keys,
  quorum,
  program,
  error,
  ...rest
}: Fields): void {
  const keys = list(public_keys, "public_keys").map((key) => bytes(key, "public key"));
  const belowHeight = integer(block_height, "block_height");
  const make = () => multisigProgram(keys, count(quorum, "quorum"), { belowHeight });
  if (error !== undefined) {
    checkError(make, text(error, "error"));
    return;
  }
  equal(make(), program, "program");
  compareFields({ restrict_height: issuanceHeight(make()) }, rest, "multisig");
}
