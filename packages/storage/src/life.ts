import { StorageError } from "./error.ts";

/** Open for as long as `isOpen`; snapshots and iterations check the lives of all they hang on. */
export interface Life {
  isOpen: boolean;
}

/** @throws {@link StorageError} `store-closed` */
export function checkOpen(life: Life): void {
  if (!life.isOpen) throw new StorageError("store-closed");
}
