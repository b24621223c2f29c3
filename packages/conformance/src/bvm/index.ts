import type { Suite } from "../runner.ts";
import { builders } from "./builders.ts";
import {
  aliasing,
  aliasingTransactions,
  mainChainPrograms,
  sideChainPrograms,
} from "./programs.ts";
import { assembly, disassembly } from "./text-forms.ts";
import { mainChainTransactions, sideChainTransactions } from "./transactions.ts";

export const suite: Suite = {
  ops: mainChainPrograms,
  random: mainChainPrograms,
  edge: mainChainPrograms,
  aliasing,
  "aliasing-tx": aliasingTransactions,
  "vapor-mulfraction": sideChainPrograms,
  "tx-context": mainChainTransactions,
  "vapor-tx-context": sideChainTransactions,
  builders,
  "vapor-magnetic-programs": builders,
  assemble: assembly,
  disassemble: disassembly,
};
