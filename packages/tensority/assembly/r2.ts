// R2: the relaxed 8-bit dot product where its result is the same on every engine, because one operand
// has seven bits. State bytes are signed; all negative matrix elements are turned, so that none needs
// its eighth bit.
//
// spec 40-tensority, section 14.2

import * as pairs from "./pairs";

export { enterDiagonal } from "./scratchpad";
export { fold } from "./fold";

export function prepareRound(round: i32): void {
  pairs.prepareRound<i8>(round);
}

export function first(matrix: i32): void {
  pairs.first<i8>(matrix);
}

export function multiply(matrix: i32): void {
  pairs.multiply<i8>(matrix);
}

export function accumulate(): void {
  pairs.accumulate<i8>();
}

export function loadFactor(): void {
  pairs.loadFactor<i8>();
}

export function loadMatrix(): void {
  pairs.loadMatrix<i8>();
}
