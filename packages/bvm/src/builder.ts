/**
 * Programs put together piece by piece, with jump targets that may be set later.
 *
 * @see spec 20-bvm, section 8.4 "Program builder with jump targets"
 */
import { BvmError } from "./error.ts";
import { pushdata, pushdataInt } from "./push.ts";

const JUMP = 0x63;
const JUMPIF = 0x64;

/** An address that {@link ProgramBuilder.setJumpTarget} binds, perhaps after it is used. */
export interface JumpTarget {
  readonly index: number;
}

/**
 * Holds the bytes of a program that is being built.
 *
 * @example
 * const builder = new ProgramBuilder();
 * const end = builder.newJumpTarget();
 * builder.addJumpIf(end).addOp(0x6a).setJumpTarget(end).addInt(1n);
 * builder.build(); // 64 06000000 6a 51
 */
export class ProgramBuilder {
  #bytes = new Uint8Array(64);
  #length = 0;
  readonly #targets: (number | undefined)[] = [];
  readonly #jumps: { readonly position: number; readonly target: number }[] = [];

  /** Bytes so far, which is the address of what is appended next. */
  get length(): number {
    return this.#length;
  }

  /** Appends one opcode. */
  addOp(opcode: number): this {
    if (!Number.isInteger(opcode) || opcode < 0 || opcode > 0xff)
      throw new RangeError(`not an opcode: ${opcode}`);
    return this.addBytes(Uint8Array.of(opcode));
  }

  /** Appends bytes as they are: instructions made elsewhere. */
  addBytes(bytes: Uint8Array): this {
    const end = this.#length + bytes.length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = end;
    return this;
  }

  /** Appends the instruction that pushes `data`. */
  addData(data: Uint8Array): this {
    return this.addBytes(pushdata(data));
  }

  /**
   * Appends the instruction that pushes a number.
   *
   * @throws RangeError when value is not a signed 64-bit integer
   */
  addInt(value: bigint): this {
    return this.addBytes(pushdataInt(value));
  }

  /** A new target without an address. */
  newJumpTarget(): JumpTarget {
    return { index: this.#targets.push(undefined) - 1 };
  }

  /** Binds the target to the address of what is appended next; the last call counts. */
  setJumpTarget(target: JumpTarget): this {
    this.#check(target);
    this.#targets[target.index] = this.#length;
    return this;
  }

  /** Appends JUMP to a target. */
  addJump(target: JumpTarget): this {
    return this.#addJump(JUMP, target);
  }

  /** Appends JUMPIF to a target. */
  addJumpIf(target: JumpTarget): this {
    return this.#addJump(JUMPIF, target);
  }

  /**
   * The program, with all jump addresses filled in. The builder can be used further.
   *
   * @throws {@link BvmError} `unresolved-jump` when a jump's target was never set; `position` is the
   * jump's address
   */
  build(): Uint8Array {
    const program = this.#bytes.slice(0, this.#length);
    for (const { position, target } of this.#jumps) {
      const address = this.#targets[target];
      if (address === undefined) throw new BvmError("unresolved-jump", { position });
      writeUint32(program, position + 1, address);
    }
    return program;
  }

  #addJump(opcode: number, target: JumpTarget): this {
    this.#check(target);
    this.#jumps.push({ position: this.#length, target: target.index });
    return this.addBytes(Uint8Array.of(opcode, 0, 0, 0, 0));
  }

  #check(target: JumpTarget): void {
    if (!(target.index in this.#targets)) throw new RangeError("a jump target of another builder");
  }
}

/** Writes a little-endian unsigned 32-bit integer. */
export function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[offset + i] = (value >>> (8 * i)) & 0xff;
}
