// Folds the 64 KiB at SUM to the 256 bytes at FOLDED, four words at a time.
//
// spec 40-tensority, section 6

import { FOLDED, SUM } from "./memory";

const FNV_PRIME: i32 = 0x01000193;

export function fold(): void {
  for (let row: usize = SUM; row < SUM + 0x10000; row += 256) packRow(row);
  const prime = i32x4.splat(FNV_PRIME);
  for (let half: usize = 128 * 256; half >= 256; half >>= 1) {
    for (let at: usize = SUM; at < SUM + half; at += 16) {
      const upper = i32x4.mul(v128.load(at), prime);
      v128.store(at, v128.xor(upper, v128.load(at + half)));
    }
  }
  memory.copy(FOLDED, SUM, 256);
}

/** Columns 64 apart become the bytes of a word. */
function packRow(row: usize): void {
  const from: usize = FOLDED;
  memory.copy(from, row, 256);
  for (let i: usize = 0; i < 64; i += 16, row += 64) {
    const a = v128.load(from + i);
    const b = v128.load(from + i, 64);
    const c = v128.load(from + i, 128);
    const d = v128.load(from + i, 192);
    const abLow = v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const abHigh = v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const cdLow = v128.shuffle<i8>(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const cdHigh = v128.shuffle<i8>(c, d, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    v128.store(row, v128.shuffle<i16>(abLow, cdLow, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(row, v128.shuffle<i16>(abLow, cdLow, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    v128.store(row, v128.shuffle<i16>(abHigh, cdHigh, 0, 8, 1, 9, 2, 10, 3, 11), 32);
    v128.store(row, v128.shuffle<i16>(abHigh, cdHigh, 4, 12, 5, 13, 6, 14, 7, 15), 48);
  }
}
