/** What a simulated network is made of. */
import type { Parameters } from "../parameters.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import type { Topology } from "../topology/topology.ts";
import type { AdversaryFunction, StrategyName } from "./adversary.ts";
import type { LatencyMatrix } from "./latency.ts";
import type { Partition } from "./network.ts";
import type { CpuCosts } from "./processor.ts";
import type { EpochPlan } from "./sim-application.ts";

export interface Crash {
  readonly node: number;
  readonly atUs: number;
  readonly forUs: number;
}

export interface SimulationOptions {
  readonly n: number;
  /** Top-level gateways; 0 (default) chooses by predicted time. */
  readonly m?: number | undefined;
  /** Members of a gateway before a level is put between; 0 (default) keeps a single level. */
  readonly fanout?: number | undefined;
  /** A given forest instead. */
  readonly topology?: Topology | undefined;
  readonly seed?: number | undefined;
  /** Heights to decide; 1 when left out. */
  readonly heights?: number | undefined;
  /** The simulation scheme when left out. */
  readonly scheme?: SignatureScheme | undefined;
  /** One-way delays; the world's regions when left out. */
  readonly latency?: LatencyMatrix | undefined;
  /** Largest additional delay, as a part of the latency. */
  readonly jitter?: number | undefined;
  /** Probability that a message is lost. */
  readonly loss?: number | undefined;
  /** Do links keep the order of messages? True when left out, as on TCP. */
  readonly isFifo?: boolean | undefined;
  /** Uplink of each validator, bits a second; 0 (default) is unlimited. */
  readonly bandwidth?: number | undefined;
  readonly cpu?: CpuCosts | undefined;
  readonly partitions?: readonly Partition[] | undefined;
  /** Before this time, microseconds, messages take up to `asyncDelayUs` longer. */
  readonly gstUs?: number | undefined;
  readonly asyncDelayUs?: number | undefined;
  /** Byzantine validators and what each of them does. */
  readonly byzantine?: ReadonlyMap<number, StrategyName | AdversaryFunction> | undefined;
  readonly crashes?: readonly Crash[] | undefined;
  readonly parameters?: Partial<Parameters> | undefined;
  readonly powers?: readonly bigint[] | undefined;
  /** Size of a block on the wire, bytes. */
  readonly blockBytes?: number | undefined;
  /** Virtual time after which the run ends, microseconds; ten minutes when left out. */
  readonly maxTimeUs?: number | undefined;
  /** What happens at the ends of epochs. */
  readonly epochs?: EpochPlan | undefined;
  /** Sign the envelopes of all contributions, not only those of Byzantine validators. */
  readonly hasEnvelopes?: boolean | undefined;
  /** Keep every message with its times. */
  readonly hasTrace?: boolean | undefined;
}
