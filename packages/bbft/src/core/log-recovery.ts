/**
 * Takes the write-ahead log in after a restart.
 *
 * @see spec 90-bbft, section 15 "Durability: never sign twice"
 */
import type { CommitProof } from "../certificate.ts";
import { BbftError } from "../error.ts";
import type { SignState, WalRecord } from "./events.ts";
import type { HeightInstance } from "./height/height.ts";
import { heightOf } from "./message.ts";

/**
 * Restores a height from the records, in their order; nothing is sent.
 *
 * @param onSigned told of every signature given before
 * @returns the proof of the height, when it was decided but not ended
 * @throws {@link BbftError} `wal` when the records do not continue the chain of this height
 */
export function restoreHeight(
  current: HeightInstance,
  records: Iterable<WalRecord>,
  onSigned: (state: SignState) => void,
): CommitProof | undefined {
  const { height } = current;
  let decided: CommitProof | undefined;
  for (const record of records) {
    if (record.type === "complete") continue;
    if (record.type === "end-height") {
      if (record.height >= height) throw new BbftError("wal", { height: record.height });
      continue;
    }
    if (record.type === "decided") {
      if (record.height === height) decided = record.proof;
      continue;
    }
    if (record.type === "sign-state") onSigned(record.state);
    if (heightOf(record.message) === height) current.restore(record.message);
  }
  return decided;
}
