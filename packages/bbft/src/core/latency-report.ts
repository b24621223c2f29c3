/**
 * What a validator measured, signed, once an epoch: the data from which the next topology is made.
 *
 * Body: u64 epoch, identity key (32), u16 count, count times identity key (32) and u16 one-way
 * latency in units of 100 microseconds, ascending by key; then the signature (64).
 *
 * @see spec 90-bbft, section 11.1 "Measuring"
 */
import { compareBytes, concat, keyOf, Reader, u16, u64 } from "../bytes.ts";
import { BbftError } from "../error.ts";
import { hash, SIGN_KIND, signBytes } from "../signing.ts";
import { type Distances, normalizeLatency } from "../topology/latency.ts";
import { MAX_VALIDATORS, type ValidatorSet } from "../validator-set.ts";
import type { Check } from "./events.ts";

export interface LatencyEntry {
  readonly idKey: Uint8Array;
  /** One way, units of 100 microseconds, 0..65534. */
  readonly value: number;
}

export interface LatencyReport {
  readonly epoch: bigint;
  readonly idKey: Uint8Array;
  /** Ascending by key. */
  readonly entries: readonly LatencyEntry[];
  readonly signature: Uint8Array;
}

function encodeBody({ epoch, idKey, entries }: Omit<LatencyReport, "signature">): Uint8Array {
  const sorted = [...entries].sort((a, b) => compareBytes(a.idKey, b.idKey));
  return concat(
    u64(epoch),
    idKey,
    u16(sorted.length),
    ...sorted.flatMap((entry) => [entry.idKey, u16(entry.value)]),
  );
}

/** Bytes that the reporter signs with its identity key. */
export function latencyBytes(
  chainId: Uint8Array,
  report: Omit<LatencyReport, "signature">,
): Uint8Array {
  return signBytes(SIGN_KIND.LATENCY, chainId, encodeBody(report));
}

export function encodeLatencyReport(report: LatencyReport): Uint8Array {
  return concat(encodeBody(report), report.signature);
}

/** @throws {@link BbftError} `length` | `limit` | `engine-data` when the entries are not ascending */
export function decodeLatencyReport(bytes: Uint8Array): LatencyReport {
  const reader = new Reader(bytes);
  const epoch = reader.u64();
  const idKey = reader.take(32);
  const count = reader.u16();
  if (count > MAX_VALIDATORS) throw new BbftError("limit", { found: count });
  const entries: LatencyEntry[] = [];
  for (let i = 0; i < count; i++) {
    const entry = { idKey: reader.take(32), value: reader.u16() };
    const last = entries.at(-1);
    const isAscending = last === undefined || compareBytes(last.idKey, entry.idKey) < 0;
    if (!isAscending || entry.value > 65534) throw new BbftError("engine-data");
    entries.push(entry);
  }
  const signature = reader.take(64);
  reader.finish();
  return { epoch, idKey, entries, signature };
}

/**
 * The check of a report's signature.
 *
 * @throws {@link BbftError} `engine-data` when the reporter is not of the set or the epoch another
 */
export function latencyCheck(report: LatencyReport, chainId: Uint8Array, set: ValidatorSet): Check {
  const key = keyOf(report.idKey);
  const validator = set.validators.findIndex(({ idKey }) => keyOf(idKey) === key);
  if (validator < 0 || report.epoch !== set.epoch) throw new BbftError("engine-data");
  const { epoch, signature } = report;
  return { type: "identity", epoch, validator, message: latencyBytes(chainId, report), signature };
}

/**
 * The distances of a validator set from decided reports; the first of each reporter counts.
 *
 * @param reports encoded, as found in engine data, in the order they were decided
 */
export function distancesFromReports(set: ValidatorSet, reports: readonly Uint8Array[]): Distances {
  const indexes = new Map(set.validators.map(({ idKey }, index) => [keyOf(idKey), index]));
  const measured = new Map<number, Map<number, number>>();
  for (const bytes of reports) {
    const { idKey, entries } = decodeLatencyReport(bytes);
    const reporter = indexes.get(keyOf(idKey));
    if (reporter === undefined || measured.has(reporter)) continue;
    const row = new Map<number, number>();
    for (const entry of entries) {
      const target = indexes.get(keyOf(entry.idKey));
      if (target !== undefined) row.set(target, entry.value);
    }
    measured.set(reporter, row);
  }
  return normalizeLatency(set.validators.length, (reporter, target) =>
    measured.get(reporter)?.get(target),
  );
}

/** The height of an epoch at which a validator sends its report. */
export function reportHeight(
  chainId: Uint8Array,
  epoch: bigint,
  index: number,
  epochLength: number,
): bigint {
  const digest = hash(concat(chainId, u64(epoch), u16(index)));
  const half = BigInt(Math.max(1, Math.floor(epochLength / 2)));
  const drawn = new Reader(digest).u64() % half;
  return epoch * BigInt(epochLength) + 1n + drawn;
}
