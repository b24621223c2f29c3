/**
 * The memory-hard rounds that turn a seed into 128 scratchpads: scrypt's core with N = 1024 and
 * r = 1, without PBKDF2 around it.
 *
 * @see spec 40-tensority, section 3 "Scrypt-like mixing"
 */
import { STATE_WORDS } from "./seed.ts";

/** Scratchpads, each of which becomes two matrices. */
export const ROUNDS = 128;

/** Blocks of a scratchpad. */
export const BLOCKS = 1024;

const HALF = STATE_WORDS / 2;
const DOUBLE_ROUNDS = 4;

/** Quarter steps `x[d] ^= rotl(x[a] + x[b], r)` as (d, a, b, r): columns, then rows. */
const STEPS = Uint8Array.of(
  ...[4, 0, 12, 7, 9, 5, 1, 7, 14, 10, 6, 7, 3, 15, 11, 7],
  ...[8, 4, 0, 9, 13, 9, 5, 9, 2, 14, 10, 9, 7, 3, 15, 9],
  ...[12, 8, 4, 13, 1, 13, 9, 13, 6, 2, 14, 13, 11, 7, 3, 13],
  ...[0, 12, 8, 18, 5, 1, 13, 18, 10, 6, 2, 18, 15, 11, 7, 18],
  ...[1, 0, 3, 7, 6, 5, 4, 7, 11, 10, 9, 7, 12, 15, 14, 7],
  ...[2, 1, 0, 9, 7, 6, 5, 9, 8, 11, 10, 9, 13, 12, 15, 9],
  ...[3, 2, 1, 13, 4, 7, 6, 13, 9, 8, 11, 13, 14, 13, 12, 13],
  ...[0, 3, 2, 18, 5, 4, 7, 18, 10, 9, 8, 18, 15, 14, 13, 18],
);

/**
 * One round: fills `pad` with 1024 states, then moves `state` on through 1024 look-ups in it.
 *
 * @param state 32 words, changed in place to the state of the next round
 * @param pad 1024 x 32 words; its content before does not matter
 */
export function mixRound(state: Uint32Array, pad: Uint32Array): void {
  const scratch = new Uint32Array(HALF);
  for (let block = 0; block < BLOCKS; block++) {
    pad.set(state, block * STATE_WORDS);
    blockMix(state, scratch);
  }
  for (let step = 0; step < BLOCKS; step++) {
    const from = ((state[HALF] as number) & (BLOCKS - 1)) * STATE_WORDS;
    for (let i = 0; i < STATE_WORDS; i++)
      state[i] = (state[i] as number) ^ (pad[from + i] as number);
    blockMix(state, scratch);
  }
}

/** Both halves through Salsa20/8, each after an exclusive or with the other's result. */
function blockMix(state: Uint32Array, scratch: Uint32Array): void {
  for (let i = 0; i < HALF; i++) state[i] = (state[i] as number) ^ (state[HALF + i] as number);
  salsa8(state, 0, scratch);
  for (let i = 0; i < HALF; i++)
    state[HALF + i] = (state[i] as number) ^ (state[HALF + i] as number);
  salsa8(state, HALF, scratch);
}

function salsa8(state: Uint32Array, at: number, x: Uint32Array): void {
  for (let i = 0; i < HALF; i++) x[i] = state[at + i] as number;
  for (let round = 0; round < DOUBLE_ROUNDS; round++) {
    for (let step = 0; step < STEPS.length; step += 4) {
      const d = STEPS[step] as number;
      const sum =
        ((x[STEPS[step + 1] as number] as number) + (x[STEPS[step + 2] as number] as number)) | 0;
      const rotation = STEPS[step + 3] as number;
      x[d] = (x[d] as number) ^ ((sum << rotation) | (sum >>> (32 - rotation)));
    }
  }
  for (let i = 0; i < HALF; i++) state[at + i] = (state[at + i] as number) + (x[i] as number);
}
