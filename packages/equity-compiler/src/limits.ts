/**
 * Bounds on what is compiled, so that hostile text costs little. The historical compilers have
 * none; no contract that a chain could run comes near them.
 */

/** Longest source text of one file, bytes of UTF-8. */
export const MAX_SOURCE_BYTES: number = 256 * 1024;

/** Deepest nesting of expressions and statements; a chain of left-associative operators nests too. */
export const MAX_NESTING = 500;

/** Most names that one clause can see: parameters, clauses, variables. */
export const MAX_NAMES = 1000;

/** Most files that imports may reach from one source text. */
export const MAX_FILES = 100;

/**
 * Most characters that the values of a clause take in the output, where variables are replaced by
 * their source texts; variables that use variables twice double it.
 */
export const MAX_DESCRIPTION_LENGTH: number = 1024 * 1024;

/** Longest opcode text of one contract, characters; bodies of called contracts are part of it. */
export const MAX_OPCODES_LENGTH: number = 1024 * 1024;

/** Longest opcode text of all contracts of a run together, characters. */
export const MAX_RUN_OPCODES_LENGTH: number = 4 * 1024 * 1024;

/**
 * Most cells of the model stack that the contracts of a run may move: each becomes a new object,
 * which lives until its contract is compiled.
 */
export const MAX_MOVED_CELLS: number = 2 * 1024 * 1024;
