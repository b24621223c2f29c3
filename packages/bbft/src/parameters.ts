/**
 * The parameters of a chain: fixed in its genesis, changed only at the end of an epoch.
 *
 * @see spec 90-bbft, section 19 "Parameters"
 */
import { concat, Reader, u8, u16, u32, u64 } from "./bytes.ts";
import { BbftError } from "./error.ts";

export interface Parameters {
  /** Signature scheme: 1 ed25519, 2 bls12-381. */
  readonly scheme: number;
  /** Heights of an epoch, >= 10. */
  readonly epochLength: number;
  /** Heights for which the first leader stays. */
  readonly leaderTerm: number;
  /** Views of a height that use the hierarchy, 0..16. */
  readonly hierViews: number;
  /** Top-level gateways; 0 chooses by predicted time. */
  readonly m: number;
  /** Largest n for which the full mesh is considered. */
  readonly directMax: number;
  /** Members of a gateway before a level is put between; 0 keeps a single level. */
  readonly fanout: number;
  /** 0 k-medoid, 1 spanning tree, 2 star, 3 full mesh. */
  readonly topologyMode: number;
  /** Least time between a decision and the next proposal, milliseconds. */
  readonly blockIntervalMs: number;
  /** Time of view 0, milliseconds. */
  readonly viewTimeoutMs: number;
  /** What each further view has more, milliseconds. */
  readonly viewTimeoutStepMs: number;
  /** Backups that a node attaches to at once. */
  readonly attachFanout: number;
  /** Agreed complaints that exclude a gateway. */
  readonly gatewayStrikes: number;
  readonly maxBlockBytes: number;
  /** Heights for which evidence counts. */
  readonly evidenceMaxAge: bigint;
}

/** The defaults of the specification. */
export const DEFAULT_PARAMETERS: Parameters = {
  scheme: 2,
  epochLength: 1200,
  leaderTerm: 12,
  hierViews: 2,
  m: 0,
  directMax: 16,
  fanout: 16,
  topologyMode: 0,
  blockIntervalMs: 500,
  viewTimeoutMs: 2000,
  viewTimeoutStepMs: 1000,
  attachFanout: 2,
  gatewayStrikes: 3,
  maxBlockBytes: 8 * 1024 * 1024 - 256 * 1024,
  evidenceMaxAge: 3_456_000n,
};

/** Fixed widths in the order of the table, 44 bytes. */
export function encodeParameters(parameters: Parameters): Uint8Array {
  return concat(
    u8(parameters.scheme),
    u32(parameters.epochLength),
    u16(parameters.leaderTerm),
    u16(parameters.hierViews),
    u16(parameters.m),
    u16(parameters.directMax),
    u16(parameters.fanout),
    u8(parameters.topologyMode),
    u32(parameters.blockIntervalMs),
    u32(parameters.viewTimeoutMs),
    u32(parameters.viewTimeoutStepMs),
    u8(parameters.attachFanout),
    u16(parameters.gatewayStrikes),
    u32(parameters.maxBlockBytes),
    u64(parameters.evidenceMaxAge),
  );
}

/**
 * Reads parameters and checks their limits.
 *
 * @throws {@link BbftError} `length` | `limit` | `scheme`
 */
export function decodeParameters(bytes: Uint8Array): Parameters {
  const parameters = readParameters(bytes);
  checkParameters(parameters);
  return parameters;
}

/**
 * Reads parameters that are in force already: a genesis may have what blocks must not decide.
 *
 * @throws {@link BbftError} `length`
 */
export function readParameters(bytes: Uint8Array): Parameters {
  const reader = new Reader(bytes);
  const parameters: Parameters = {
    scheme: reader.u8(),
    epochLength: reader.u32(),
    leaderTerm: reader.u16(),
    hierViews: reader.u16(),
    m: reader.u16(),
    directMax: reader.u16(),
    fanout: reader.u16(),
    topologyMode: reader.u8(),
    blockIntervalMs: reader.u32(),
    viewTimeoutMs: reader.u32(),
    viewTimeoutStepMs: reader.u32(),
    attachFanout: reader.u8(),
    gatewayStrikes: reader.u16(),
    maxBlockBytes: reader.u32(),
    evidenceMaxAge: reader.u64(),
  };
  reader.finish();
  return parameters;
}

/** @throws {@link BbftError} `limit` | `scheme` when a value is outside of its limits */
export function checkParameters(parameters: Parameters): void {
  const { scheme, epochLength, leaderTerm, hierViews, topologyMode } = parameters;
  const { blockIntervalMs, viewTimeoutMs, viewTimeoutStepMs, attachFanout } = parameters;
  if (scheme !== 1 && scheme !== 2 && scheme !== 255)
    throw new BbftError("scheme", { found: scheme });
  const isWithin =
    epochLength >= 10 &&
    leaderTerm >= 1 &&
    hierViews <= 16 &&
    topologyMode <= 3 &&
    blockIntervalMs >= 10 &&
    viewTimeoutMs >= 2 * blockIntervalMs &&
    viewTimeoutStepMs >= 1 &&
    attachFanout >= 1;
  if (!isWithin) throw new BbftError("limit");
}

/** Length of a view, milliseconds: linear and unbounded. */
export function viewTimeout(parameters: Parameters, view: number): number {
  return parameters.viewTimeoutMs + view * parameters.viewTimeoutStepMs;
}
