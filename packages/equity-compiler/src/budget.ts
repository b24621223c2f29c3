import { MAX_MOVED_CELLS, MAX_OPCODES_LENGTH, MAX_RUN_OPCODES_LENGTH } from "./limits.ts";

/** What the contracts of one run may still cost: a short text can call for much code. */
export class Budget {
  #opcodes = MAX_RUN_OPCODES_LENGTH;
  #contractOpcodes = MAX_OPCODES_LENGTH;
  #cells = MAX_MOVED_CELLS;

  /** Begins another contract. */
  nextContract(): void {
    this.#contractOpcodes = MAX_OPCODES_LENGTH;
  }

  /** May the contract have so many more characters of opcodes? */
  takeOpcodes(length: number): boolean {
    this.#opcodes -= length;
    this.#contractOpcodes -= length;
    return this.#opcodes >= 0 && this.#contractOpcodes >= 0;
  }

  /** May so many more cells of the model stack be moved? */
  takeCells(count: number): boolean {
    this.#cells -= count;
    return this.#cells >= 0;
  }
}
