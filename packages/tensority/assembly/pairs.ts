// What R2 and U2 share: 8-bit dot products of column pairs with 16-bit sums.
//
// State: 32 groups of eight rows; a vector holds columns 2p and 2p + 1 of the eight rows, as bytes of
// type T: signed, or unsigned X + 128. A table holds each vector also with one or both of the columns
// complemented: ~x is -1 - x when signed and 255 - x when unsigned, so that m x equals -m ~x up to a
// constant. That turns the sign of any matrix element around at no cost in the loop; the constants of
// a column are its start value.
//
// Matrix: a row is 128 steps, each a pair of elements (their signs turned as the kernel needs them)
// and the offset of the table entry that goes with them.
//
// Left over are the few elements of -128 whose turned sign does not fit a byte. They are noted, and
// added one by one.
//
// spec 40-tensority, section 14

import { FACTOR, MATRICES, PRODUCT, ROW, SIZE, SUM, TABLE } from "./memory";
import { mixRound, naturalRow } from "./scratchpad";

/** Bytes of a row, a matrix, a group of state rows. */
const STEPS: usize = 512;
const MATRIX: usize = 256 * STEPS;
const GROUP: usize = 2048;
/** Row groups that are multiplied together. */
const BLOCK: usize = 4 * GROUP;

/** Bytes of a table entry, and which columns are complemented in those of a pair. */
const ENTRY: i32 = 64;
const ODD: i32 = 64;
const EVEN: i32 = 128;

/** Start values and note counts: 16 bits for each row of each matrix. */
const STARTS: usize = MATRICES + 256 * MATRIX;
const COUNTS: usize = STARTS + 0x20000;
/**
 * Notes: the column of a noted element. Up to 256 for a row; the first notes of all rows of a matrix
 * lie together, then the second ones, so that memory beyond the few that exist is never touched.
 */
const NOTES: usize = COUNTS + 0x20000;
const MATRIX_NOTES: usize = 0x10000;

let factor: usize = FACTOR;
let product: usize = PRODUCT;

/** Table bytes of a pair: signed bytes need all four forms, unsigned ones never both columns turned. */
// @ts-ignore: decorator
@inline
function pairEntries<T>(): i32 {
  return isSigned<T>() ? 4 * ENTRY : 3 * ENTRY;
}

/** What the bytes of the state are flipped by. */
// @ts-ignore: decorator
@inline
function bias<T>(): i32 {
  return isSigned<T>() ? 0 : 0x80;
}

export function prepareRound<T>(round: i32): void {
  mixRound();
  for (let parity = 0; parity < 2; parity++) {
    for (let row = 0; row < SIZE; row++) {
      naturalRow(parity, row);
      prepareRow<T>(2 * round + parity, row, ROW);
    }
  }
}

export function loadMatrix<T>(): void {
  for (let row = 0; row < SIZE; row++) prepareRow<T>(0, row, SUM + <usize>row * 256);
}

function prepareRow<T>(matrix: i32, row: i32, from: usize): void {
  const index = <usize>((matrix << 8) + row);
  let to = MATRICES + index * STEPS;
  let note = NOTES + <usize>matrix * MATRIX_NOTES + <usize>row;
  let start = i16x8.splat(0);
  let count = 0;
  const stride = pairEntries<T>();
  let entry = i16x8.mul(i16x8(0, 1, 2, 3, 4, 5, 6, 7), i16x8.splat(<i16>stride));
  for (let i = 0; i < SIZE; i += 16, from += 16, to += 32) {
    const bytes = v128.load(from);
    let even = i16x8.shr_s(i16x8.shl(bytes, 8), 8);
    let odd = i16x8.shr_s(bytes, 8);
    const evenLowest = i16x8.eq(even, i16x8.splat(-128));
    const oddLowest = i16x8.eq(odd, i16x8.splat(-128));
    let turnEven: v128;
    let turnOdd: v128;
    let noteEven: v128;
    let noteOdd: v128;
    if (isSigned<T>()) {
      turnEven = i16x8.shr_s(even, 15);
      turnOdd = i16x8.shr_s(odd, 15);
      noteEven = evenLowest;
      noteOdd = oddLowest;
      even = i16x8.abs(even);
      odd = i16x8.abs(odd);
      start = i16x8.add(start, i16x8.add(v128.and(even, turnEven), v128.and(odd, turnOdd)));
      even = i16x8.min_s(even, i16x8.splat(127));
      odd = i16x8.min_s(odd, i16x8.splat(127));
    } else {
      const sum = i16x8.add(even, odd);
      const over = v128.or(i16x8.gt_s(sum, i16x8.splat(128)), i16x8.lt_s(sum, i16x8.splat(-128)));
      turnOdd = v128.andnot(over, oddLowest);
      turnEven = v128.andnot(v128.and(over, oddLowest), evenLowest);
      noteOdd = v128.and(evenLowest, oddLowest);
      noteEven = i16x8.splat(0);
      const turned = i16x8.add(v128.and(even, turnEven), v128.and(odd, turnOdd));
      start = i16x8.sub(start, i16x8.shl(sum, 7));
      start = i16x8.add(start, i16x8.sub(i16x8.shl(turned, 8), turned));
      even = i16x8.sub(v128.xor(even, turnEven), turnEven);
      odd = v128.andnot(i16x8.sub(v128.xor(odd, turnOdd), turnOdd), noteOdd);
    }
    const pair = v128.or(v128.and(even, i16x8.splat(0xff)), i16x8.shl(odd, 8));
    const turns = v128.or(v128.and(turnOdd, i16x8.splat(<i16>ODD)), v128.and(turnEven, i16x8.splat(<i16>EVEN)));
    const offset = i16x8.add(entry, turns);
    v128.store(to, v128.shuffle<i16>(pair, offset, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(to, v128.shuffle<i16>(pair, offset, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    entry = i16x8.add(entry, i16x8.splat(<i16>(8 * stride)));
    for (let mask = i16x8.bitmask(noteEven); mask != 0; mask &= mask - 1, count++, note += 256)
      store<u8>(note, <u8>(i + 2 * ctz(mask)));
    for (let mask = i16x8.bitmask(noteOdd); mask != 0; mask &= mask - 1, count++, note += 256)
      store<u8>(note, <u8>(i + 2 * ctz(mask) + 1));
  }
  const wide = i32x4.extadd_pairwise_i16x8_s(start);
  const total =
    i32x4.extract_lane(wide, 0) + i32x4.extract_lane(wide, 1) + i32x4.extract_lane(wide, 2) + i32x4.extract_lane(wide, 3);
  store<i16>(STARTS + 2 * index, <i16>total);
  store<u16>(COUNTS + 2 * index, <u16>count);
}

/** Sums of two neighboring columns, reduced, as bytes of the state. */
// @ts-ignore: decorator
@inline
function reduce<T>(low: v128, high: v128): v128 {
  const a = i16x8.add(low, i16x8.shr_s(low, 8));
  const b = i16x8.add(high, i16x8.shr_s(high, 8));
  const both = v128.or(v128.and(a, i16x8.splat(0xff)), i16x8.shl(b, 8));
  return isSigned<T>() ? both : v128.xor(both, i8x16.splat(-128));
}

/** The factor becomes the reduced transpose of the matrix, whose signs are turned back. */
export function first<T>(matrix: i32): void {
  const notes = NOTES + <usize>matrix * MATRIX_NOTES;
  let step = MATRICES + <usize>matrix * MATRIX;
  for (let c: usize = 0; c < 256; c++) {
    const column = factor + (c >> 1) * 16 + (c & 1);
    let to = column;
    let entry = 0;
    for (let k: usize = 0; k < 256; k += 2, step += 4, entry += pairEntries<T>()) {
      const turns = <i32>load<u16>(step, 2) - entry;
      const even = turned(load<i8>(step), turns & EVEN);
      const odd = turned(load<i8>(step, 1), turns & ODD);
      to = column + (k >> 3) * GROUP + (k & 7) * 2;
      store<u8>(to, <u8>((even + (even >> 8)) ^ bias<T>()));
      store<u8>(to, <u8>((odd + (odd >> 8)) ^ bias<T>()), 2);
    }
    let note = notes + c;
    for (let i = load<u16>(COUNTS + (<usize>matrix << 9) + 2 * c); i > 0; i--, note += 256) {
      const k = <usize>load<u8>(note);
      // The element is -128, which reduces to 127.
      store<u8>(column + (k >> 3) * GROUP + (k & 7) * 2, <u8>(127 ^ bias<T>()));
    }
  }
}

// @ts-ignore: decorator
@inline
function turned(element: i8, isTurned: i32): i32 {
  return isTurned != 0 ? -(<i32>element) : <i32>element;
}

/** All forms of the vectors of a block, those of a pair side by side. */
function buildTable<T>(block: usize): void {
  let to = TABLE;
  for (const end = block + GROUP; block < end; block += 16, to += pairEntries<T>()) {
    for (let group: usize = 0; group < 4; group++) {
      const v = v128.load(block + group * GROUP);
      const at = to + group * 16;
      v128.store(at, v);
      v128.store(at, v128.xor(v, i16x8.splat(<i16>0xff00)), ODD);
      v128.store(at, v128.xor(v, i16x8.splat(0x00ff)), EVEN);
      if (isSigned<T>()) v128.store(at, v128.not(v), ODD + EVEN);
    }
  }
}

/** The relaxed dot product; its second operand is the one that is, or may be, unsigned. */
// @ts-ignore: decorator
@inline
function dot<T>(pair: v128, state: v128): v128 {
  return isSigned<T>() ? v128.relaxed_dot<i16>(state, pair) : v128.relaxed_dot<i16>(pair, state);
}

/** What a noted column adds: its complement, or -128 times its unsigned number. */
// @ts-ignore: decorator
@inline
function noted<T>(at: usize, column: usize): v128 {
  const v = v128.load(at);
  if (isSigned<T>()) return v128.not(i16x8.shr_s(i16x8.shl(v, (column & 1) != 0 ? 0 : 8), 8));
  return i16x8.neg(i16x8.shl(i16x8.shr_u(v, 8), 7));
}

export function multiply<T>(matrix: i32): void {
  const index = <usize>matrix << 8;
  for (let block = factor; block < factor + 32 * GROUP; block += BLOCK) {
    buildTable<T>(block);
    let step = MATRICES + index * STEPS;
    let to = product + (block - factor);
    let low0 = i16x8.splat(0);
    let low1 = i16x8.splat(0);
    let low2 = i16x8.splat(0);
    let low3 = i16x8.splat(0);
    for (let c: usize = 0; c < 256; c++) {
      let a0 = v128.load16_splat(STARTS + 2 * (index + c));
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      const end = step + STEPS;
      do {
        const s = v128.load16_splat(step);
        const x = <usize>load<u16>(step, 2);
        const t = v128.load16_splat(step + 4);
        const y = <usize>load<u16>(step, 6);
        const x0 = v128.load(x, TABLE);
        const x1 = v128.load(x, TABLE + 16);
        const x2 = v128.load(x, TABLE + 32);
        const x3 = v128.load(x, TABLE + 48);
        const y0 = v128.load(y, TABLE);
        const y1 = v128.load(y, TABLE + 16);
        const y2 = v128.load(y, TABLE + 32);
        const y3 = v128.load(y, TABLE + 48);
        a0 = i16x8.add(i16x8.add(a0, dot<T>(s, x0)), dot<T>(t, y0));
        a1 = i16x8.add(i16x8.add(a1, dot<T>(s, x1)), dot<T>(t, y1));
        a2 = i16x8.add(i16x8.add(a2, dot<T>(s, x2)), dot<T>(t, y2));
        a3 = i16x8.add(i16x8.add(a3, dot<T>(s, x3)), dot<T>(t, y3));
        step += 8;
      } while (step < end);
      let note = NOTES + index * 256 + c;
      for (let i = load<u16>(COUNTS + 2 * (index + c)); i > 0; i--, note += 256) {
        const k = <usize>load<u8>(note);
        const at = block + (k >> 1) * 16;
        a0 = i16x8.add(a0, noted<T>(at, k));
        a1 = i16x8.add(a1, noted<T>(at + GROUP, k));
        a2 = i16x8.add(a2, noted<T>(at + 2 * GROUP, k));
        a3 = i16x8.add(a3, noted<T>(at + 3 * GROUP, k));
      }
      if ((c & 1) == 0) {
        low0 = a0;
        low1 = a1;
        low2 = a2;
        low3 = a3;
        continue;
      }
      v128.store(to, reduce<T>(low0, a0));
      v128.store(to, reduce<T>(low1, a1), GROUP);
      v128.store(to, reduce<T>(low2, a2), 2 * GROUP);
      v128.store(to, reduce<T>(low3, a3), 3 * GROUP);
      to += 16;
    }
  }
  const swap = factor;
  factor = product;
  product = swap;
}

export function accumulate<T>(): void {
  for (let row: usize = 0; row < 256; row++) {
    let from = factor + (row >> 3) * GROUP + (row & 7) * 2;
    let to = SUM + row * 256;
    for (let pair = 0; pair < 128; pair++, from += 16, to += 2) {
      store<u8>(to, load<u8>(to) + <u8>(<i32>load<u8>(from) ^ bias<T>()));
      store<u8>(to, load<u8>(to, 1) + <u8>(<i32>load<u8>(from, 1) ^ bias<T>()), 1);
    }
  }
}

export function loadFactor<T>(): void {
  for (let row: usize = 0; row < 256; row++) {
    let to = factor + (row >> 3) * GROUP + (row & 7) * 2;
    let from = SUM + row * 256;
    for (let pair = 0; pair < 128; pair++, from += 2, to += 16)
      store<u16>(to, <u16>(<i32>load<u16>(from) ^ (bias<T>() * 0x101)));
  }
}
