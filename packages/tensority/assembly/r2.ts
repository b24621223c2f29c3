// R2: the relaxed 8-bit dot product where its result is the same on every engine, because the matrix
// operand has seven bits.
//
// State: 32 groups of eight rows; a vector holds columns 2p and 2p + 1 of the eight rows, as signed
// bytes. Matrix: the low seven bits u of each element, in natural order. An element is u - 128 n with
// its sign bit n, so 128 X has to be taken off wherever n is set: the sums of all 16 subsets of four
// columns stand in a table, and each matrix row has the 64 table offsets that its sign bits name.
//
// spec 40-tensority, section 14.2

import { FACTOR, MATRICES, PRODUCT, ROW, SIZE, SUM, TABLE } from "./memory";
import { enterDiagonal, mixRound, naturalRow } from "./scratchpad";

export { fold } from "./fold";
export { enterDiagonal };

const MATRIX: usize = 0x10000;
const GROUP: usize = 2048;
/** Row groups that are multiplied together. */
const BLOCK: usize = 4 * GROUP;

/** Table offsets of two neighboring columns, taking turns: 64 pairs. */
const SIGNS: usize = MATRICES + 256 * MATRIX;
const RECORD: usize = 256;
const MATRIX_SIGNS: usize = 128 * RECORD;

/** Bytes of the table for four columns: 16 subsets of 64 bytes. */
const SUBSETS: usize = 16 * 64;

let factor: usize = FACTOR;
let product: usize = PRODUCT;

export function prepareRound(round: i32): void {
  mixRound();
  for (let parity = 0; parity < 2; parity++) {
    for (let row = 0; row < SIZE; row++) {
      naturalRow(parity, row);
      prepareRow(2 * round + parity, row, ROW);
    }
  }
}

export function loadMatrix(): void {
  for (let row = 0; row < SIZE; row++) prepareRow(0, row, SUM + <usize>row * 256);
}

function prepareRow(matrix: i32, row: i32, from: usize): void {
  let to = MATRICES + <usize>matrix * MATRIX + <usize>row * 256;
  let sign = SIGNS + <usize>matrix * MATRIX_SIGNS + <usize>(row >> 1) * RECORD + <usize>((row & 1) << 1);
  let table: i32 = 0;
  for (const end = from + 256; from < end; from += 16, to += 16) {
    const bytes = v128.load(from);
    v128.store(to, v128.and(bytes, i8x16.splat(127)));
    let mask = i8x16.bitmask(bytes);
    for (let i = 0; i < 4; i++, mask >>= 4, sign += 4, table += <i32>SUBSETS)
      store<u16>(sign, <u16>(table + ((mask & 15) << 6)));
  }
}

// @ts-ignore: decorator
@inline
function reduce(low: v128, high: v128): v128 {
  const a = i16x8.add(low, i16x8.shr_s(low, 8));
  const b = i16x8.add(high, i16x8.shr_s(high, 8));
  return v128.or(v128.and(a, i16x8.splat(0xff)), i16x8.shl(b, 8));
}

/** The factor becomes the reduced transpose of the matrix, whose sign bits are in the offsets. */
export function first(matrix: i32): void {
  const m = MATRICES + <usize>matrix * MATRIX;
  const signs = SIGNS + <usize>matrix * MATRIX_SIGNS;
  for (let c: usize = 0; c < 256; c++) {
    const sign = signs + (c >> 1) * RECORD + ((c & 1) << 1);
    for (let k: usize = 0; k < 256; k++) {
      const subset = <i32>(load<u16>(sign + (k & ~3)) >> 6);
      const value = <i32>load<u8>(m + c * 256 + k) - (((subset >> <i32>(k & 3)) & 1) << 7);
      const to = factor + (k >> 3) * GROUP + (c >> 1) * 16 + (k & 7) * 2 + (c & 1);
      store<u8>(to, <u8>(value + (value >> 8)));
    }
  }
}

/** -128 times the sum of each subset of four columns, in all rows of a block. */
function buildTable(block: usize): void {
  let to = TABLE;
  for (const end = block + GROUP; block < end; block += 32, to += SUBSETS) {
    for (let group: usize = 0; group < 4; group++) {
      const low = v128.load(block + group * GROUP);
      const high = v128.load(block + group * GROUP, 16);
      const x0 = i16x8.neg(i16x8.shr_s(i16x8.shl(low, 8), 1));
      const x1 = i16x8.neg(i16x8.shl(i16x8.shr_s(low, 8), 7));
      const x2 = i16x8.neg(i16x8.shr_s(i16x8.shl(high, 8), 1));
      const x3 = i16x8.neg(i16x8.shl(i16x8.shr_s(high, 8), 7));
      const at = to + group * 16;
      let sum = i16x8.splat(0);
      for (let subset: usize = 0; subset < 4; subset++) {
        if (subset == 1) sum = x2;
        if (subset == 2) sum = x3;
        if (subset == 3) sum = i16x8.add(x2, x3);
        const four = at + subset * 256;
        v128.store(four, sum);
        v128.store(four, i16x8.add(sum, x0), 64);
        v128.store(four, i16x8.add(sum, x1), 128);
        v128.store(four, i16x8.add(sum, i16x8.add(x0, x1)), 192);
      }
    }
  }
}

export function multiply(matrix: i32): void {
  const m = MATRICES + <usize>matrix * MATRIX;
  for (let block: usize = 0; block < 32 * GROUP; block += BLOCK) {
    buildTable(factor + block);
    let to = product + block;
    let m0 = m;
    let sign = SIGNS + <usize>matrix * MATRIX_SIGNS;
    for (let c = 0; c < SIZE; c += 2, to += 16, m0 += 256) {
      let m1 = m0 + 256;
      let x = factor + block;
      let a0 = i16x8.splat(0);
      let b0 = i16x8.splat(0);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let b1 = b0;
      let b2 = b0;
      let b3 = b0;
      const end = x + GROUP;
      do {
        const s0 = v128.load16_splat(m0);
        const s1 = v128.load16_splat(m1);
        const x0 = v128.load(x);
        const x1 = v128.load(x, GROUP);
        const x2 = v128.load(x, 2 * GROUP);
        const x3 = v128.load(x, 3 * GROUP);
        a0 = i16x8.add(a0, v128.relaxed_dot<i16>(x0, s0));
        b0 = i16x8.add(b0, v128.relaxed_dot<i16>(x0, s1));
        a1 = i16x8.add(a1, v128.relaxed_dot<i16>(x1, s0));
        b1 = i16x8.add(b1, v128.relaxed_dot<i16>(x1, s1));
        a2 = i16x8.add(a2, v128.relaxed_dot<i16>(x2, s0));
        b2 = i16x8.add(b2, v128.relaxed_dot<i16>(x2, s1));
        a3 = i16x8.add(a3, v128.relaxed_dot<i16>(x3, s0));
        b3 = i16x8.add(b3, v128.relaxed_dot<i16>(x3, s1));
        m0 += 2;
        m1 += 2;
        x += 16;
      } while (x < end);
      for (const last = sign + RECORD; sign < last; sign += 4) {
        const t0 = TABLE + <usize>load<u16>(sign);
        const t1 = TABLE + <usize>load<u16>(sign, 2);
        a0 = i16x8.add(a0, v128.load(t0));
        a1 = i16x8.add(a1, v128.load(t0, 16));
        a2 = i16x8.add(a2, v128.load(t0, 32));
        a3 = i16x8.add(a3, v128.load(t0, 48));
        b0 = i16x8.add(b0, v128.load(t1));
        b1 = i16x8.add(b1, v128.load(t1, 16));
        b2 = i16x8.add(b2, v128.load(t1, 32));
        b3 = i16x8.add(b3, v128.load(t1, 48));
      }
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

export function accumulate(): void {
  for (let row: usize = 0; row < 256; row++) {
    let from = factor + (row >> 3) * GROUP + (row & 7) * 2;
    let to = SUM + row * 256;
    for (let pair = 0; pair < 128; pair++, from += 16, to += 2) {
      store<u8>(to, load<u8>(to) + load<u8>(from));
      store<u8>(to, load<u8>(to, 1) + load<u8>(from, 1), 1);
    }
  }
}

export function loadFactor(): void {
  for (let row: usize = 0; row < 256; row++) {
    let to = factor + (row >> 3) * GROUP + (row & 7) * 2;
    let from = SUM + row * 256;
    for (let pair = 0; pair < 128; pair++, from += 2, to += 16)
      store<u16>(to, load<u16>(from));
  }
}
