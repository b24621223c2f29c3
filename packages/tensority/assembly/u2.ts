// U2: the relaxed 8-bit dot product where it multiplies signed by unsigned numbers and saturates
// pair sums to 16 bits, as x86 does.
//
// State: 32 groups of eight rows; a vector holds columns 2p and 2p + 1 of the eight rows, as unsigned
// bytes X + 128. Matrix: signed bytes in natural order, changed so that no pair sum can saturate:
// where both elements of a pair are positive with a sum above 128, or both negative with a sum below
// -128, the second one's top bit is flipped and the pair noted. A note stands for +-128 X and is added
// from a table. Start values take the 128 of the state back.
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

/**
 * Notes of two neighboring columns: two start values, two counts (of which the first is the common
 * one once both are known), then up to 128 pairs of offsets into the table, padded to the same length.
 */
const NOTES: usize = MATRICES + 256 * MATRIX;
const RECORD: usize = 8 + 4 * 128;
const MATRIX_NOTES: usize = 128 * RECORD;

/** Table entries: 128 pairs noted positive, 128 noted negative, one of zeros; each 64 bytes. */
const NEGATIVE: usize = 128 * 64;
const NOTHING: usize = 256 * 64;

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
  const record = NOTES + <usize>matrix * MATRIX_NOTES + <usize>(row >> 1) * RECORD;
  const lane: usize = (row & 1) << 1;
  const notes = record + 8 + lane;
  let note = notes;
  let sums = i16x8.splat(0);
  for (let i: usize = 0; i < 256; i += 16, to += 16) {
    const bytes = v128.load(from + i);
    sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_s(bytes));
    const pair = i16x8.add(i16x8.shr_s(i16x8.shl(bytes, 8), 8), i16x8.shr_s(bytes, 8));
    const plus = i16x8.gt_s(pair, i16x8.splat(128));
    const minus = i16x8.lt_s(pair, i16x8.splat(-128));
    const flip = v128.and(v128.or(plus, minus), i16x8.splat(<i16>0x8000));
    v128.store(to, v128.xor(bytes, flip));
    const entry = <i32>(i << 5);
    for (let mask = i16x8.bitmask(plus); mask != 0; mask &= mask - 1, note += 4)
      store<u16>(note, <u16>(entry + (ctz(mask) << 6)));
    for (let mask = i16x8.bitmask(minus); mask != 0; mask &= mask - 1, note += 4)
      store<u16>(note, <u16>(<i32>NEGATIVE + entry + (ctz(mask) << 6)));
  }
  const wide = i32x4.extadd_pairwise_i16x8_s(sums);
  const sum =
    i32x4.extract_lane(wide, 0) + i32x4.extract_lane(wide, 1) + i32x4.extract_lane(wide, 2) + i32x4.extract_lane(wide, 3);
  store<i16>(record + lane, <i16>(-128 * sum));
  const count = <i32>((note - notes) >> 2);
  if (lane == 0) {
    store<u16>(record, <u16>count, 4);
    return;
  }
  let evenCount = <i32>load<u16>(record, 4);
  let even = record + 8 + 4 * <usize>evenCount;
  for (; evenCount < count; evenCount++, even += 4) store<u16>(even, <u16>NOTHING);
  for (let i = count; i < evenCount; i++, note += 4) store<u16>(note, <u16>NOTHING);
  store<u16>(record, <u16>evenCount, 4);
}

// @ts-ignore: decorator
@inline
function reduce(low: v128, high: v128): v128 {
  const a = i16x8.add(low, i16x8.shr_s(low, 8));
  const b = i16x8.add(high, i16x8.shr_s(high, 8));
  const both = v128.or(v128.and(a, i16x8.splat(0xff)), i16x8.shl(b, 8));
  return v128.xor(both, i8x16.splat(-128));
}

/** The factor becomes the reduced transpose of the matrix as it was before pairs were changed. */
export function first(matrix: i32): void {
  const m = MATRICES + <usize>matrix * MATRIX;
  for (let group: usize = 0; group < 32; group++) {
    let to = factor + group * GROUP;
    let from = m + group * 8;
    for (let pair = 0; pair < 128; pair++, to += 16, from += 512) {
      const low = i16x8.extend_low_i8x16_s(v128.load64_zero(from));
      const high = i16x8.extend_low_i8x16_s(v128.load64_zero(from, 256));
      v128.store(to, reduce(low, high));
    }
  }
  const notes = NOTES + <usize>matrix * MATRIX_NOTES;
  for (let c: usize = 0; c < 256; c++) {
    let note = notes + (c >> 1) * RECORD;
    const count = <usize>load<u16>(note, 4);
    note += 8 + ((c & 1) << 1);
    for (const end = note + 4 * count; note < end; note += 4) {
      const offset = <usize>load<u16>(note);
      if (offset == NOTHING) break;
      const k = 2 * ((offset & (NEGATIVE - 1)) >> 6) + 1;
      const value = <i32>load<i8>(m + c * 256 + k) ^ -128;
      const to = factor + (k >> 3) * GROUP + (c >> 1) * 16 + (k & 7) * 2 + (c & 1);
      store<u8>(to, <u8>((value + (value >> 8)) ^ 0x80));
    }
  }
}

/** What a note of a pair stands for, in all rows of a block: +-128 times the odd column. */
function buildTable(block: usize): void {
  let to = TABLE;
  for (const end = block + GROUP; block < end; block += 16, to += 64) {
    for (let group: usize = 0; group < 4; group++) {
      const odd = i16x8.shl(i16x8.shr_u(v128.load(block + group * GROUP), 8), 7);
      v128.store(to + group * 16, odd);
      v128.store(to + group * 16 + NEGATIVE, i16x8.neg(odd));
    }
  }
}

export function multiply(matrix: i32): void {
  const m = MATRICES + <usize>matrix * MATRIX;
  memory.fill(TABLE + NOTHING, 0, 64);
  for (let block: usize = 0; block < 32 * GROUP; block += BLOCK) {
    buildTable(factor + block);
    let to = product + block;
    let m0 = m;
    let note = NOTES + <usize>matrix * MATRIX_NOTES;
    for (let c = 0; c < SIZE; c += 2, to += 16, m0 += 256) {
      let m1 = m0 + 256;
      let x = factor + block;
      let a0 = v128.load16_splat(note);
      let b0 = v128.load16_splat(note, 2);
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
        a0 = i16x8.add(a0, v128.relaxed_dot<i16>(s0, x0));
        b0 = i16x8.add(b0, v128.relaxed_dot<i16>(s1, x0));
        a1 = i16x8.add(a1, v128.relaxed_dot<i16>(s0, x1));
        b1 = i16x8.add(b1, v128.relaxed_dot<i16>(s1, x1));
        a2 = i16x8.add(a2, v128.relaxed_dot<i16>(s0, x2));
        b2 = i16x8.add(b2, v128.relaxed_dot<i16>(s1, x2));
        a3 = i16x8.add(a3, v128.relaxed_dot<i16>(s0, x3));
        b3 = i16x8.add(b3, v128.relaxed_dot<i16>(s1, x3));
        m0 += 2;
        m1 += 2;
        x += 16;
      } while (x < end);
      let at = note + 8;
      for (const last = at + 4 * <usize>load<u16>(note, 4); at < last; at += 4) {
        const t0 = TABLE + <usize>load<u16>(at);
        const t1 = TABLE + <usize>load<u16>(at, 2);
        a0 = i16x8.add(a0, v128.load(t0));
        a1 = i16x8.add(a1, v128.load(t0, 16));
        a2 = i16x8.add(a2, v128.load(t0, 32));
        a3 = i16x8.add(a3, v128.load(t0, 48));
        b0 = i16x8.add(b0, v128.load(t1));
        b1 = i16x8.add(b1, v128.load(t1, 16));
        b2 = i16x8.add(b2, v128.load(t1, 32));
        b3 = i16x8.add(b3, v128.load(t1, 48));
      }
      note += RECORD;
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
      store<u8>(to, load<u8>(to) + (load<u8>(from) ^ 0x80));
      store<u8>(to, load<u8>(to, 1) + (load<u8>(from, 1) ^ 0x80), 1);
    }
  }
}

export function loadFactor(): void {
  for (let row: usize = 0; row < 256; row++) {
    let to = factor + (row >> 3) * GROUP + (row & 7) * 2;
    let from = SUM + row * 256;
    for (let pair = 0; pair < 128; pair++, from += 2, to += 16)
      store<u16>(to, load<u16>(from) ^ 0x8080);
  }
}
