export type { JobCounts } from "../pswv/adaptive-size.ts";
export type { TransactionJudge } from "../pswv/judge.ts";
export type {
  JobBytes,
  JudgeBlockRequest,
  JudgeRequest,
  PortEvents,
  StartWorker,
  WorkerPort,
  WorkerReply,
  WorkerRequest,
} from "./messages.ts";
export { createWorkerHandler } from "./serve.ts";
export type { WebWorker } from "./start-worker.ts";
export {
  createValidatorPool,
  type ValidatorPool,
  type ValidatorPoolOptions,
} from "./validator-pool.ts";
