import type { Suite } from "../runner.ts";
import { pswvWindow } from "./window.ts";

/** The file of suite `bbft` that is about the parallel window validator. */
export const pswvSuite: Suite = { "pswv-window": pswvWindow };
