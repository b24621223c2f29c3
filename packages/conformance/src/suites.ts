import { chainSuite } from "./ledger/chain-suite.ts";
import type { Suite } from "./runner.ts";

/** Every suite whose handlers exist; a suite folder exports its own map. */
export const suites: { readonly [name: string]: Suite } = {

  ledger: chainSuite,
};
