import { optimizeText } from "@bystack/equity-compiler";
import { equal, list, object, text } from "../check.ts";
import type { HandlerContext } from "../runner.ts";

/** Pairs of opcode texts: before and after the peephole pass. */
export function optimizePairs(file: unknown, { check }: HandlerContext): void {
  for (const value of list(object(file, "file")["vectors"], "vectors")) {
    const [before, after] = list(value, "pair");
    const input = text(before, "before");
    check(input, () => equal(optimizeText(input), text(after, "after"), "optimized"));
  }
}
