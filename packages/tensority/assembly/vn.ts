// VN: the relaxed 8-bit dot product of four with 32-bit sums, where the engine multiplies signed by
// unsigned numbers and adds exactly (one VNNI instruction on x86).
//
// State: 64 groups of four rows; a vector holds columns 4q to 4q + 3 of the four rows, as unsigned
// bytes X + 128. Matrix: the bytes in natural order. Start values take the 128 of the state back.
//
// spec 40-tensority, section 14.2

import { FACTOR, MATRICES, PRODUCT, ROW, SIZE, SUM } from "./memory";
import { enterDiagonal, mixRound, naturalRow } from "./scratchpad";

export { fold } from "./fold";
export { enterDiagonal };

const MATRIX: usize = 0x10000;
const GROUP: usize = 1024;

/** Start values: one 32-bit number for each column of each matrix. */
const STARTS: usize = MATRICES + 256 * MATRIX;

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
  const at = (<usize>matrix << 8) + <usize>row;
  let to = MATRICES + at * 256;
  let sums = i16x8.splat(0);
  for (const end = from + 256; from < end; from += 16, to += 16) {
    const bytes = v128.load(from);
    sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_s(bytes));
    v128.store(to, bytes);
  }
  const wide = i32x4.extadd_pairwise_i16x8_s(sums);
  const sum =
    i32x4.extract_lane(wide, 0) + i32x4.extract_lane(wide, 1) + i32x4.extract_lane(wide, 2) + i32x4.extract_lane(wide, 3);
  store<i32>(STARTS + at * 4, -128 * sum);
}

/** The reduced columns of four sums as the unsigned bytes of each lane. */
// @ts-ignore: decorator
@inline
function reduce(a: v128, b: v128, c: v128, d: v128): v128 {
  const even = v128.or(low(a), i32x4.shl(low(c), 16));
  const odd = v128.or(low(b), i32x4.shl(low(d), 16));
  return v128.xor(v128.or(even, i32x4.shl(odd, 8)), i8x16.splat(-128));
}

// @ts-ignore: decorator
@inline
function low(v: v128): v128 {
  return v128.and(i32x4.add(v, i32x4.shr_s(v, 8)), i32x4.splat(0xff));
}

/** The factor becomes the reduced transpose of the matrix. */
export function first(matrix: i32): void {
  const m = MATRICES + <usize>matrix * MATRIX;
  for (let group: usize = 0; group < 64; group++) {
    let to = factor + group * GROUP;
    let from = m + group * 4;
    for (let quad = 0; quad < 64; quad++, to += 16, from += 1024) {
      const a = extend(from);
      const b = extend(from + 256);
      const c = extend(from + 512);
      const d = extend(from + 768);
      v128.store(to, reduce(a, b, c, d));
    }
  }
}

// @ts-ignore: decorator
@inline
function extend(from: usize): v128 {
  return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(from)));
}

export function multiply(matrix: i32): void {
  const m = MATRICES + <usize>matrix * MATRIX;
  for (let block: usize = 0; block < 64 * GROUP; block += 2 * GROUP) {
    let to = product + block;
    let m0 = m;
    let start = STARTS + (<usize>matrix << 10);
    for (let c = 0; c < SIZE; c += 4, to += 16, m0 += 768, start += 16) {
      let m1 = m0 + 256;
      let m2 = m0 + 512;
      let m3 = m0 + 768;
      let x = factor + block;
      let a0 = v128.load32_splat(start);
      let a1 = v128.load32_splat(start, 4);
      let a2 = v128.load32_splat(start, 8);
      let a3 = v128.load32_splat(start, 12);
      let b0 = a0;
      let b1 = a1;
      let b2 = a2;
      let b3 = a3;
      const end = x + GROUP;
      do {
        const s0 = v128.load32_splat(m0);
        const s1 = v128.load32_splat(m1);
        const s2 = v128.load32_splat(m2);
        const s3 = v128.load32_splat(m3);
        const x0 = v128.load(x);
        const x1 = v128.load(x, GROUP);
        a0 = v128.relaxed_dot_add<i32>(s0, x0, a0);
        a1 = v128.relaxed_dot_add<i32>(s1, x0, a1);
        a2 = v128.relaxed_dot_add<i32>(s2, x0, a2);
        a3 = v128.relaxed_dot_add<i32>(s3, x0, a3);
        b0 = v128.relaxed_dot_add<i32>(s0, x1, b0);
        b1 = v128.relaxed_dot_add<i32>(s1, x1, b1);
        b2 = v128.relaxed_dot_add<i32>(s2, x1, b2);
        b3 = v128.relaxed_dot_add<i32>(s3, x1, b3);
        m0 += 4;
        m1 += 4;
        m2 += 4;
        m3 += 4;
        x += 16;
      } while (x < end);
      v128.store(to, reduce(a0, a1, a2, a3));
      v128.store(to, reduce(b0, b1, b2, b3), GROUP);
    }
  }
  const swap = factor;
  factor = product;
  product = swap;
}

export function accumulate(): void {
  for (let row: usize = 0; row < 256; row++) {
    let from = factor + (row >> 2) * GROUP + (row & 3) * 4;
    const to = SUM + row * 256;
    for (let k: usize = 0; k < 256; k++) {
      store<u8>(to + k, load<u8>(to + k) + (load<u8>(from + (k & 3)) ^ 0x80));
      if ((k & 3) == 3) from += 16;
    }
  }
}

export function loadFactor(): void {
  for (let row: usize = 0; row < 256; row++) {
    let to = factor + (row >> 2) * GROUP + (row & 3) * 4;
    let from = SUM + row * 256;
    for (let quad = 0; quad < 64; quad++, from += 4, to += 16)
      store<u32>(to, load<u32>(from) ^ 0x80808080);
  }
}
