// The scratchpad rounds of the seed, four words at a time.
//
// A 16-word half is kept as its four diagonals (x0 x5 x10 x15), (x4 x9 x14 x3), (x8 x13 x2 x7),
// (x12 x1 x6 x11): then each quarter step of Salsa20 is one vector operation. All of the rounds is
// exclusive or, addition and look-up by the first word of a half, which stays first; so blocks
// return to natural order only when they become matrix rows.
//
// spec 40-tensority, sections 3 and 4

import { PAD, ROW, STATE, ZEROS } from "./memory";

const BLOCK: usize = 128;
const BLOCKS: i32 = 1024;

/** From natural to diagonal order, in place: both halves of the state. */
export function enterDiagonal(): void {
  for (let half: usize = STATE; half < STATE + BLOCK; half += 64) {
    const r0 = v128.load(half);
    const r1 = v128.load(half, 16);
    const r2 = v128.load(half, 32);
    const r3 = v128.load(half, 48);
    v128.store(half, pick(r0, r1, r2, r3));
    v128.store(half, pick(r1, r2, r3, r0), 16);
    v128.store(half, pick(r2, r3, r0, r1), 32);
    v128.store(half, pick(r3, r0, r1, r2), 48);
  }
}

/** Lane i of the i-th argument. */
// @ts-ignore: decorator
@inline
function pick(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = v128.shuffle<i32>(a, b, 0, 5, 0, 5);
  const cd = v128.shuffle<i32>(c, d, 2, 7, 2, 7);
  return v128.shuffle<i64>(ab, cd, 0, 2);
}

/** One block from diagonal to natural order. */
// @ts-ignore: decorator
@inline
function naturalBlock(block: usize, to: usize): void {
  for (let end = block + BLOCK; block < end; block += 64, to += 64) {
    const a = v128.load(block);
    const b = v128.load(block, 16);
    const c = v128.load(block, 32);
    const d = v128.load(block, 48);
    v128.store(to, pick(a, d, c, b));
    v128.store(to, pick(b, a, d, c), 16);
    v128.store(to, pick(c, b, a, d), 32);
    v128.store(to, pick(d, c, b, a), 48);
  }
}

/** Row `row` of the matrix made of the even (0) or odd (1) blocks, written to ROW. */
export function naturalRow(parity: i32, row: i32): void {
  const block = PAD + <usize>(4 * row + parity) * BLOCK;
  naturalBlock(block, ROW);
  naturalBlock(block + 2 * BLOCK, ROW + BLOCK);
}

/** One round: fills the scratchpad, then moves the state on. */
export function mixRound(): void {
  memory.copy(PAD, STATE, BLOCK);
  let block = PAD;
  for (let i = 1; i < BLOCKS; i++, block += BLOCK) blockMix(block, ZEROS, block + BLOCK);
  blockMix(block, ZEROS, STATE);
  for (let i = 0; i < BLOCKS; i++) {
    const from = PAD + <usize>(load<u32>(STATE, 64) & (BLOCKS - 1)) * BLOCK;
    blockMix(STATE, from, STATE);
  }
}

// @ts-ignore: decorator
@inline
function step(target: v128, sum: v128, left: i32): v128 {
  return v128.xor(v128.xor(target, i32x4.shl(sum, left)), i32x4.shr_u(sum, 32 - left));
}

/** The mixed exclusive or of two blocks; `to` may be one of them. */
function blockMix(x: usize, y: usize, to: usize): void {
  let a1 = v128.xor(v128.load(x, 64), v128.load(y, 64));
  let b1 = v128.xor(v128.load(x, 80), v128.load(y, 80));
  let c1 = v128.xor(v128.load(x, 96), v128.load(y, 96));
  let d1 = v128.xor(v128.load(x, 112), v128.load(y, 112));
  let za = v128.xor(a1, v128.xor(v128.load(x), v128.load(y)));
  let zb = v128.xor(b1, v128.xor(v128.load(x, 16), v128.load(y, 16)));
  let zc = v128.xor(c1, v128.xor(v128.load(x, 32), v128.load(y, 32)));
  let zd = v128.xor(d1, v128.xor(v128.load(x, 48), v128.load(y, 48)));

  let a = za;
  let b = zb;
  let c = zc;
  let d = zd;
  for (let round = 0; round < 4; round++) {
    b = step(b, i32x4.add(a, d), 7);
    c = step(c, i32x4.add(b, a), 9);
    d = step(d, i32x4.add(c, b), 13);
    a = step(a, i32x4.add(d, c), 18);
    b = v128.shuffle<i32>(b, b, 3, 0, 1, 2);
    c = v128.shuffle<i32>(c, c, 2, 3, 0, 1);
    d = v128.shuffle<i32>(d, d, 1, 2, 3, 0);
    d = step(d, i32x4.add(a, b), 7);
    c = step(c, i32x4.add(d, a), 9);
    b = step(b, i32x4.add(c, d), 13);
    a = step(a, i32x4.add(b, c), 18);
    b = v128.shuffle<i32>(b, b, 1, 2, 3, 0);
    c = v128.shuffle<i32>(c, c, 2, 3, 0, 1);
    d = v128.shuffle<i32>(d, d, 3, 0, 1, 2);
  }
  za = i32x4.add(a, za);
  zb = i32x4.add(b, zb);
  zc = i32x4.add(c, zc);
  zd = i32x4.add(d, zd);
  v128.store(to, za);
  v128.store(to, zb, 16);
  v128.store(to, zc, 32);
  v128.store(to, zd, 48);

  a1 = v128.xor(a1, za);
  b1 = v128.xor(b1, zb);
  c1 = v128.xor(c1, zc);
  d1 = v128.xor(d1, zd);
  a = a1;
  b = b1;
  c = c1;
  d = d1;
  for (let round = 0; round < 4; round++) {
    b = step(b, i32x4.add(a, d), 7);
    c = step(c, i32x4.add(b, a), 9);
    d = step(d, i32x4.add(c, b), 13);
    a = step(a, i32x4.add(d, c), 18);
    b = v128.shuffle<i32>(b, b, 3, 0, 1, 2);
    c = v128.shuffle<i32>(c, c, 2, 3, 0, 1);
    d = v128.shuffle<i32>(d, d, 1, 2, 3, 0);
    d = step(d, i32x4.add(a, b), 7);
    c = step(c, i32x4.add(d, a), 9);
    b = step(b, i32x4.add(c, d), 13);
    a = step(a, i32x4.add(b, c), 18);
    b = v128.shuffle<i32>(b, b, 1, 2, 3, 0);
    c = v128.shuffle<i32>(c, c, 2, 3, 0, 1);
    d = v128.shuffle<i32>(d, d, 3, 0, 1, 2);
  }
  v128.store(to, i32x4.add(a, a1), 64);
  v128.store(to, i32x4.add(b, b1), 80);
  v128.store(to, i32x4.add(c, c1), 96);
  v128.store(to, i32x4.add(d, d1), 112);
}
