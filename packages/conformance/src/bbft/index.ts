import type { Suite } from "../runner.ts";
import { certificates, timeoutCertificates } from "./certificates.ts";
import { merging } from "./merging.ts";
import { messageCounts } from "./message-counts.ts";
import { modelCheck } from "./model-check.ts";
import { rogueKey } from "./rogue-key.ts";
import { signing } from "./signing.ts";
import { adaptiveM, leader, timeline, topology } from "./topology.ts";

/** Suite `bbft`: spec 90-bbft, section 20. */
export const suite: Suite = {
  signing,
  "certificate-verify": certificates,
  "timeout-certificate-verify": timeoutCertificates,
  "rogue-key": rogueKey,
  merge: merging,
  "model-check": modelCheck,
  topology,
  timeline,
  "adaptive-m": adaptiveM,
  leader,
  "message-counts": messageCounts,
};
