export { TensorityError, type TensorityErrorCode, type TensorityErrorFacts } from "./error.ts";
export { createHasher, type Hasher, type HasherOptions } from "./hasher.ts";
export type { KernelFactory, KernelName, MatrixKernel } from "./kernel.ts";
export { seedMatrices } from "./matrices.ts";
export { packedKernel } from "./packed.ts";
export { scalarKernel } from "./scalar.ts";
export { expandSeed, initialSeed, nextSeed, SEED_PERIOD, type SeedNode } from "./seed.ts";
export { hashValue, meetsTarget } from "./target.ts";
export { portableKernels, tensority } from "./tensority.ts";
