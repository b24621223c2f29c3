/**
 * The steps of the hash one by one, in scalar code that reads like the specification: for tests of
 * other implementations and for study.
 */
export { CELLS, MATRICES, SIZE, seedMatrices } from "../matrices.ts";
export { identity, matrixAt, multiply, scalarKernel } from "../scalar.ts";
export { BLOCKS, mixRound, ROUNDS } from "../scratchpad.ts";
export { expandSeed, STATE_WORDS } from "../seed.ts";
export { fold, halve, littleEndian, packWords, reduce, sliceSequences } from "../slices.ts";
