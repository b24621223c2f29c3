// P1: portable SIMD. 16-bit products, 32-bit sums.
//
// State: 64 groups of four rows; a vector holds columns 2p and 2p + 1 of the four rows, as 16-bit
// elements. Matrix: rows of 16-bit elements in natural order.
//
// spec 40-tensority, section 14

import { FACTOR, MATRICES, PRODUCT, ROW, SIZE, SUM } from "./memory";
import { enterDiagonal, mixRound, naturalRow } from "./scratchpad";

export { fold } from "./fold";
export { enterDiagonal };

/** Bytes of a prepared matrix, of a row of it, and of a group of four state rows. */
const MATRIX: usize = 0x20000;
const MATRIX_ROW: usize = 512;
const GROUP: usize = 2048;

let factor: usize = FACTOR;
let product: usize = PRODUCT;

/** Mixes round `round` and prepares its two matrices. */
export function prepareRound(round: i32): void {
  mixRound();
  for (let parity = 0; parity < 2; parity++) {
    for (let row = 0; row < SIZE; row++) {
      naturalRow(parity, row);
      prepareRow(2 * round + parity, row, ROW);
    }
  }
}

/** Prepares matrix 0 from the bytes at SUM. */
export function loadMatrix(): void {
  for (let row = 0; row < SIZE; row++) prepareRow(0, row, SUM + <usize>row * 256);
}

function prepareRow(matrix: i32, row: i32, from: usize): void {
  let to = MATRICES + <usize>matrix * MATRIX + <usize>row * MATRIX_ROW;
  for (let end = from + 256; from < end; from += 16, to += 32) {
    const bytes = v128.load(from);
    v128.store(to, i16x8.extend_low_i8x16_s(bytes));
    v128.store(to, i16x8.extend_high_i8x16_s(bytes), 16);
  }
}

/** The low byte of each lane plus the byte above it, as a signed 16-bit number. */
// @ts-ignore: decorator
@inline
function reduce(low: v128, high: v128): v128 {
  const a = i32x4.add(low, i32x4.shr_s(low, 8));
  const b = i32x4.add(high, i32x4.shr_s(high, 8));
  const both = v128.or(v128.and(a, i32x4.splat(0xffff)), i32x4.shl(b, 16));
  return i16x8.shr_s(i16x8.shl(both, 8), 8);
}

/** The factor becomes the reduced transpose of the matrix: its product with the identity. */
export function first(matrix: i32): void {
  const m = MATRICES + <usize>matrix * MATRIX;
  for (let group: usize = 0; group < 64; group++) {
    let to = factor + group * GROUP;
    let from = m + group * 8;
    for (let pair = 0; pair < 128; pair++, to += 16, from += 2 * MATRIX_ROW) {
      const low = v128.load64_zero(from);
      const high = v128.load64_zero(from, MATRIX_ROW);
      const v = v128.shuffle<i16>(low, high, 0, 8, 1, 9, 2, 10, 3, 11);
      const sum = i16x8.add(v, i16x8.shr_s(v, 8));
      v128.store(to, i16x8.shr_s(i16x8.shl(sum, 8), 8));
    }
  }
}

/** The factor becomes its reduced product with the transposed matrix. */
export function multiply(matrix: i32): void {
  const m = MATRICES + <usize>matrix * MATRIX;
  for (let block: usize = 0; block < 64 * GROUP; block += 4 * GROUP) {
    let to = product + block;
    let m0 = m;
    for (let c = 0; c < SIZE; c += 2, to += 16, m0 += MATRIX_ROW) {
      let m1 = m0 + MATRIX_ROW;
      let x = factor + block;
      let a0 = i32x4.splat(0);
      let a1 = i32x4.splat(0);
      let a2 = i32x4.splat(0);
      let a3 = i32x4.splat(0);
      let b0 = i32x4.splat(0);
      let b1 = i32x4.splat(0);
      let b2 = i32x4.splat(0);
      let b3 = i32x4.splat(0);
      const end = x + GROUP;
      do {
        const s0 = v128.load32_splat(m0);
        const s1 = v128.load32_splat(m1);
        const x0 = v128.load(x);
        const x1 = v128.load(x, GROUP);
        const x2 = v128.load(x, 2 * GROUP);
        const x3 = v128.load(x, 3 * GROUP);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(x0, s0));
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(x0, s1));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(x1, s0));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(x1, s1));
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(x2, s0));
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(x2, s1));
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(x3, s0));
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(x3, s1));
        m0 += 4;
        m1 += 4;
        x += 16;
      } while (x < end);
      v128.store(to, reduce(a0, b0));
      v128.store(to, reduce(a1, b1), GROUP);
      v128.store(to, reduce(a2, b2), 2 * GROUP);
      v128.store(to, reduce(a3, b3), 3 * GROUP);
    }
  }
  const swap = factor;
  factor = product;
  product = swap;
}

/** Adds the factor to the bytes at SUM. */
export function accumulate(): void {
  for (let row: usize = 0; row < 256; row++) {
    let from = factor + (row >> 2) * GROUP + (row & 3) * 4;
    let to = SUM + row * 256;
    for (let pair = 0; pair < 128; pair++, from += 16, to += 2) {
      store<u8>(to, load<u8>(to) + load<u8>(from));
      store<u8>(to, load<u8>(to, 1) + load<u8>(from, 2), 1);
    }
  }
}

/** Takes the factor from the bytes at SUM. */
export function loadFactor(): void {
  for (let row: usize = 0; row < 256; row++) {
    let to = factor + (row >> 2) * GROUP + (row & 3) * 4;
    let from = SUM + row * 256;
    for (let pair = 0; pair < 128; pair++, from += 2, to += 16) {
      store<i16>(to, <i16>load<i8>(from));
      store<i16>(to, <i16>load<i8>(from, 1), 2);
    }
  }
}
