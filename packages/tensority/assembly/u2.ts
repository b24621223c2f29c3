// U2: the relaxed 8-bit dot product where it multiplies signed by unsigned numbers and saturates pair
// sums to 16 bits, as x86 does. State bytes are unsigned. A pair of like signs whose magnitudes add to
// more than 128 could saturate: one of its signs is turned.
//
// spec 40-tensority, section 14.2

import * as pairs from "./pairs";

export { enterDiagonal } from "./scratchpad";
export { fold } from "./fold";

export function prepareRound(round: i32): void {
  pairs.prepareRound<u8>(round);
}

export function first(matrix: i32): void {
  pairs.first<u8>(matrix);
}

export function multiply(matrix: i32): void {
  pairs.multiply<u8>(matrix);
}

export function accumulate(): void {
  pairs.accumulate<u8>();
}

export function loadFactor(): void {
  pairs.loadFactor<u8>();
}

export function loadMatrix(): void {
  pairs.loadMatrix<u8>();
}
