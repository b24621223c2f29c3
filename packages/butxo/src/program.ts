/**
 * Programs that the ledger itself knows: witness programs and what counts as standard.
 *
 * @see spec 10-ledger, section 6 "Programs and addresses"
 */
const OP_FAIL = 0x6a;

/** Does the program begin with FAIL? An output with such a program is a retirement. */
export function isUnspendable(program: Uint8Array): boolean {
  return program[0] === OP_FAIL;
}
