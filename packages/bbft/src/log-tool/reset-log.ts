/// <reference types="node" />
import { beginLog } from "../host/node-log.ts";
import { openFileWal } from "../node/file-wal.ts";

/** Empties a log and declares it complete. */
export async function resetLog(file: string): Promise<void> {
  const wal = await openFileWal(file);
  await wal.truncate([]);
  await beginLog(wal);
  await wal.close();
  console.log(`${file} is a new log: the validator signs from its next start on.`);
}
