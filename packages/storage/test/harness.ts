import { describe, it } from "vitest";
import type { ConformanceHarness } from "../src/conformance/index.ts";

/** vitest for the conformance suite. */
export const harness: ConformanceHarness = {
  describe: (name, body) => void describe(name, body),
  it: (name, body) => void it(name, body),
  inapplicable: (name, reason) => it.runIf(false)(`${name}: not applicable, ${reason}`, () => {}),
  warn: (message) => console.warn(message),
};
