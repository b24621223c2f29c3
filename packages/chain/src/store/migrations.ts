import type { BatchOperation, StorageEngine, StorageReader } from "@bystack/storage";
import { ChainError } from "../error.ts";
import { FORMAT_KEY } from "./layout.ts";
import { encodeFormat, FORMAT_VERSION, type StoreFormat } from "./status.ts";

/** What makes of a store of one layout version one of the next. */
export interface Migration {
  /** The version that it takes a store from. */
  readonly from: number;
  /**
   * The changes. They are written in one batch with the new version: a crash leaves the store at the
   * old version or at the new one, and the next opening goes on from there.
   */
  operations(store: StorageReader): Promise<readonly BatchOperation[]>;
}

/** All steps, in order. A layout that has been released is never left behind. */
export const MIGRATIONS: readonly Migration[] = [
  // 0, a directory of the original node: the same rows, but for the one that names the layout.
  { from: 0, operations: async () => [] },
  // 1 has no rows of the tree. They come at the opening; the version keeps out software that would
  // not take them away when it has to.
  { from: 1, operations: async () => [] },
];

/**
 * Refuses a layout that this software does not know.
 *
 * @throws {@link ChainError} `store-format`
 */
export function checkVersion({ version }: StoreFormat, known: number = FORMAT_VERSION): void {
  if (version <= known) return;
  throw new ChainError("store-format", {
    detail: `a newer version of this software wrote it (layout ${version}, this one reads up to ${known}); open it with that version, nothing has been changed`,
  });
}

/**
 * Brings a store up to date in place, one version after the other.
 *
 * @throws {@link ChainError} `store-format` when there is no way from its version
 * @throws StorageError `store-conflict` when somebody else changes the version
 */
export async function migrate(
  storage: StorageEngine,
  format: StoreFormat,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<StoreFormat> {
  let at = format;
  for (const { from, operations } of migrations) {
    if (from !== at.version) continue;
    const next = { ...at, version: from + 1 };
    // A directory of the original node has no such row.
    const before = from === 0 ? undefined : encodeFormat(at);
    await storage.batch(
      [...(await operations(storage)), { type: "put", key: FORMAT_KEY, value: encodeFormat(next) }],
      { sync: true, expect: [{ key: FORMAT_KEY, value: before }] },
    );
    at = next;
  }
  return at;
}
