/**
 * Complaints: signed statements that a gateway left its members alone, and what enough of them do.
 *
 * Encoding: u16 gateway, u16 reporter, u64 epoch, signature of the reporter's identity key (64).
 * What is signed is the same without the signature, as sign kind 8.
 *
 * @see spec 90-bbft, sections 11.5 "Exclusion and rotation" and 12.1 "engineData"
 */
import { concat, Reader, u16, u64 } from "../bytes.ts";
import { BbftError } from "../error.ts";
import { SIGN_KIND, signBytes } from "../signing.ts";
import type { Electorate } from "../validator-set.ts";
import type { Check } from "./events.ts";

export interface Complaint {
  /** Index of the gateway that failed. */
  readonly gateway: number;
  /** Index of the validator that says so. */
  readonly reporter: number;
  readonly epoch: bigint;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

function encodeBody({ gateway, reporter, epoch }: Omit<Complaint, "signature">): Uint8Array {
  return concat(u16(gateway), u16(reporter), u64(epoch));
}

/** Bytes that the reporter signs with its identity key. */
export function complaintBytes(
  chainId: Uint8Array,
  complaint: Omit<Complaint, "signature">,
): Uint8Array {
  return signBytes(SIGN_KIND.COMPLAINT, chainId, encodeBody(complaint));
}

/** 76 bytes. */
export function encodeComplaint(complaint: Complaint): Uint8Array {
  return concat(encodeBody(complaint), complaint.signature);
}

/** @throws {@link BbftError} `length` */
export function decodeComplaint(bytes: Uint8Array): Complaint {
  const reader = new Reader(bytes);
  const [gateway, reporter, epoch] = [reader.u16(), reader.u16(), reader.u64()];
  const signature = reader.take(64);
  reader.finish();
  return { gateway, reporter, epoch, signature };
}

/**
 * The check of a complaint's signature. Whether the accused is a gateway is not asked: validity
 * must not depend on a forest.
 *
 * @throws {@link BbftError} `engine-data` for another epoch, for validators that are not of the set,
 *   and for a complaint about oneself
 */
export function complaintCheck(
  complaint: Complaint,
  chainId: Uint8Array,
  { n, set }: Electorate,
): Check {
  const { gateway, reporter, epoch, signature } = complaint;
  if (epoch !== set.epoch || gateway >= n || reporter >= n || gateway === reporter)
    throw new BbftError("engine-data", { validator: reporter });
  const message = complaintBytes(chainId, complaint);
  return { type: "identity", epoch, validator: reporter, message, signature };
}

/**
 * Who must not be a top-level gateway in the next epoch: accused by at least `strikes` different
 * validators, which together are a weak quorum, so that one of them is honest.
 *
 * @param complaints decided in one epoch
 * @param strikes the parameter `gatewayStrikes`
 * @returns indexes, ascending
 */
export function excludedGateways(
  { powers, weakPower }: Electorate,
  complaints: Iterable<Complaint>,
  strikes: number,
): number[] {
  const reporters = new Map<number, Set<number>>();
  for (const { gateway, reporter } of complaints) {
    const known = reporters.get(gateway) ?? new Set();
    known.add(reporter);
    reporters.set(gateway, known);
  }
  const isAgreed = (accusers: ReadonlySet<number>): boolean => {
    let power = 0;
    for (const accuser of accusers) power += powers[accuser] ?? 0;
    return accusers.size >= strikes && power >= weakPower;
  };
  return [...reporters]
    .filter(([, accusers]) => isAgreed(accusers))
    .map(([gateway]) => gateway)
    .sort((a, b) => a - b);
}
