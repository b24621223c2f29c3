export {
  type AdversaryFunction,
  type AdversaryView,
  type Outgoing,
  STRATEGIES,
  type StrategyName,
} from "./adversary.ts";
export {
  type BaselineOptions,
  type BaselineProtocol,
  type BaselineReport,
  simulateBaseline,
} from "./baselines.ts";
export {
  brokenPromises,
  type CampaignFailure,
  type CampaignLimits,
  type CampaignResult,
  DEFAULT_LIMITS,
  randomScenario,
  runCampaign,
} from "./campaign.ts";
export {
  type LatencyMatrix,
  measuredDistances,
  parseLatencyCsv,
  syntheticLatency,
  uniformLatency,
  WORLD_REGIONS,
  worldLatency,
} from "./latency.ts";
export type { NetworkOptions, Partition } from "./network.ts";
export type { CpuCosts } from "./processor.ts";
export { Random } from "./random.ts";
export type { EpochPlan } from "./sim-application.ts";
export { simulate } from "./simulate.ts";
export type { Crash, SimulationOptions } from "./simulation-options.ts";
export type { NodeDecision, SimulationReport, TracedMessage } from "./simulation-report.ts";
export { blockTable } from "./tables/block-table.ts";
export { faultTable } from "./tables/fault-table.ts";
export { latencyTable } from "./tables/latency-table.ts";
export { eightRegions, quorumTimeMs } from "./tables/measure.ts";
export { messageTable } from "./tables/message-table.ts";
export { differencePercent, differenceTable, type Table } from "./tables/table.ts";
export { throughputTable } from "./tables/throughput-table.ts";
export { chooseTopology, createWorld, type World } from "./world.ts";
