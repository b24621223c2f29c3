import { describe, it } from "vitest";
import type { ConformanceHarness } from "../src/conformance/index.ts";

/** vitest for the conformance suite. */
export const harness: ConformanceHarness = {
  describe: (name, body) => void describe(name, body),
  // Fifty processes are started and killed; on a busy machine that is slow, and no failure.
  it: (name, body) => void it(name, body, 300_000),
  inapplicable: (name, reason) => it.runIf(false)(`${name}: not applicable, ${reason}`, () => {}),
  warn: (message) => console.warn(message),
};
