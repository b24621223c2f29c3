import type { MempoolEntry } from "./entry.ts";

/** Why a transaction left the pool. */
export type RemovalReason =
  | "confirmed"
  | "conflict"
  | "replaced"
  | "evicted"
  /** A template found that it cannot be in the next block. */
  | "unusable";

/** The pool changed. */
export type MempoolChange =
  | { readonly type: "added"; readonly entry: MempoolEntry }
  | { readonly type: "removed"; readonly entry: MempoolEntry; readonly reason: RemovalReason };
