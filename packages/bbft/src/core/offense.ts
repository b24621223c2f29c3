/**
 * What evidence proves, whatever messages prove it: two votes prove the same in either order, and a
 * third one nothing more.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import { ascii, concat, u8, u16, u32, u64 } from "../bytes.ts";
import { decodeEnvelope } from "../envelope.ts";
import { hash, type Position } from "../signing.ts";
import { TAG } from "../validator-set.ts";
import {
  type ContextOfEpoch,
  contributionIn,
  EVIDENCE_TYPE,
  type Evidence,
  type EvidenceType,
} from "./evidence.ts";
import { statementOf } from "./statement.ts";

export interface Offense extends Position {
  readonly type: EvidenceType;
  /** Index in the set of the offense's epoch. */
  readonly validator: number;
  /** 1 PREPARE, 2 COMMIT; 0 where the offense is not about votes of one phase. */
  readonly kind: number;
}

/** The offense that evidence proves; of two views of one height, the earlier message's place. */
export function offenseOf(evidence: Evidence, contextOf: ContextOfEpoch): Offense {
  const { type, validator } = evidence;
  if (evidence.type === EVIDENCE_TYPE.BAD_AGGREGATE) {
    const contribution = contributionIn(decodeEnvelope(evidence.envelope).message, contextOf);
    const { epoch, height, view, kind } = contribution;
    return { epoch, height, view, type, validator, kind };
  }
  const said = statementOf(evidence.first, validator);
  if (said === undefined)
    throw new TypeError(`validator ${validator} says nothing in the evidence against it`);
  return { ...said.place, type, validator, kind: said.type === "vote" ? said.kind : 0 };
}

/**
 * The name of an offense, 32 bytes:
 * H(TAG || "/offense" || u64 epoch || u64 height || u32 view || u8 type || u8 kind || u16 validator).
 *
 * @example
 * ```ts
 * for (const offense of offenses) punished.set(bytesToHex(offenseId(offense)), height);
 * ```
 */
export function offenseId({ epoch, height, view, type, kind, validator }: Offense): Uint8Array {
  const place = [u64(epoch), u64(height), u32(view)];
  return hash(concat(ascii(`${TAG}/offense`), ...place, u8(type), u8(kind), u16(validator)));
}
