import { EquityError } from "./error.ts";
import { MAX_MOVED_CELLS, MAX_OPCODES_LENGTH, MAX_RUN_OPCODES_LENGTH } from "./limits.ts";
import type { Place } from "./source.ts";

/** What the contracts of one run may still cost: a short text can call for much code. */
export class Budget {
  #opcodes = MAX_RUN_OPCODES_LENGTH;
  #contractOpcodes = MAX_OPCODES_LENGTH;
  #cells = MAX_MOVED_CELLS;

  /** Begins another contract. */
  nextContract(): void {
    this.#contractOpcodes = MAX_OPCODES_LENGTH;
  }

  /** @throws EquityError `program-too-large` */
  takeOpcodes(length: number, place: Place): void {
    this.#opcodes -= length;
    this.#contractOpcodes -= length;
    if (this.#opcodes < 0 || this.#contractOpcodes < 0)
      throw new EquityError("program-too-large", { place });
  }

  /** @throws EquityError `program-too-large` */
  takeCells(count: number, place: Place): void {
    this.#cells -= count;
    if (this.#cells < 0) throw new EquityError("program-too-large", { place });
  }
}
