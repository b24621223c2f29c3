import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type StorageEngine, StorageError } from "@bystack/storage";
import { openLevel } from "@bystack/storage/level";
import { NodeError } from "./error.ts";

/** Where the blocks of a network lie below the home directory. */
export function chainDirectory(home: string, network: string): string {
  return join(home, network, "chain");
}

/**
 * Opens the store of a network, making its folder when it is not there.
 *
 * @throws {@link NodeError} `data-directory` | `data-directory-in-use` | `disk-full`
 */
export async function openChainStorage(home: string, network: string): Promise<StorageEngine> {
  const path = chainDirectory(home, network);
  try {
    await mkdir(path, { recursive: true });
    return await openLevel(path);
  } catch (error) {
    throw explainStorage(error, path);
  }
}

/** A storage failure as a sentence for people; other errors are given back as they are. */
export function explainStorage(error: unknown, path: string): unknown {
  if (error instanceof StorageError) {
    if (error.code === "store-locked")
      return new NodeError(
        "data-directory-in-use",
        `${path} is in use by another process: stop that one, or choose another --home.`,
        { cause: error },
      );
    if (error.code === "store-full")
      return new NodeError(
        "disk-full",
        `No space is left on the disk of ${path}: free some and start again; what was imported is kept.`,
        { cause: error },
      );
    return new NodeError("data-directory", `The store in ${path} failed: ${error.message}.`, {
      cause: error,
    });
  }
  if (error instanceof Error && "code" in error && typeof error.code === "string")
    return new NodeError("data-directory", `Cannot use ${path}: ${error.message}.`, {
      cause: error,
    });
  return error;
}
