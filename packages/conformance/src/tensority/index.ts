import type { Suite } from "../runner.ts";
import { apiMining } from "./api-mining.ts";
import { hashes } from "./hashes.ts";
import { headerHashes, realHeaders, seedSchedule, targetChecks } from "./headers.ts";
import { intermediates } from "./intermediates.ts";

export const suite: Suite = {
  "api-mining": apiMining,
  hashes,
  "header-hash": headerHashes,
  intermediates,
  "real-headers": realHeaders,
  "seed-schedule": seedSchedule,
  "target-check": targetChecks,
};
