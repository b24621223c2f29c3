export { TensorityError, type TensorityErrorCode, type TensorityErrorFacts } from "../error.ts";
export type { WorkerReply, WorkerRequest } from "./messages.ts";
export { type Found, MAX_NONCE, type MineOptions, type Progress, type Work } from "./mine.ts";
export { createMiner, type Miner, type MinerOptions } from "./miner.ts";
export {
  type Cancellable,
  createTensorityPool,
  type PoolOptions,
  type PoolStatus,
  type ProofOfWork,
  type TensorityPool,
} from "./pool.ts";
export type { Signal } from "./queue.ts";
export type { WebWorker } from "./start-worker.ts";
