import type { MempoolEntry } from "./entry.ts";

/** Why a transaction left the pool. */
export type RemovalReason =
  | "confirmed"
  | "conflict"
  | "replaced"
  | "evicted"
  /** It cannot be in the next block: its time is over, or a template found it. */
  | "unusable";

/** The pool changed. */
export type MempoolChange =
  | { readonly type: "added"; readonly entry: MempoolEntry }
  | { readonly type: "removed"; readonly entry: MempoolEntry; readonly reason: RemovalReason };
