import type { Suite } from "../runner.ts";
import { blockValidation } from "./block-validation.ts";
import { chainReorg } from "./chain-reorg.ts";
import { chainSolonet } from "./chain-solonet.ts";
import { chainSolonetFork } from "./chain-solonet-fork.ts";
import { chainWork } from "./chain-work.ts";
import { txValidation } from "./tx-validation.ts";
import { txpool } from "./txpool.ts";

/** The files of suite `ledger` that need a chain. */
export const chainSuite: Suite = {
  tx_validation: txValidation,
  txpool,
  block_validation: blockValidation,
  chain_reorg: chainReorg,
  chain_work: chainWork,
  chain_solonet: chainSolonet,
  chain_solonet_fork: chainSolonetFork,
};
