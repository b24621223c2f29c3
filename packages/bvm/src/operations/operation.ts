import type { Step } from "../executable.ts";
import type { Frame } from "../frame.ts";

/**
 * What an opcode does to a frame, after its base cost was charged. It reports failure through the
 * frame's signal and then returns at once: what it did until then stands.
 */
export type Operation = (frame: Frame, step: Step) => void;

/**
 * Operations by the name of their opcode. Each group is made by a function, not at import: a program
 * that only assembles can be bundled without the machine.
 */
export type Operations = { readonly [name: string]: Operation };
