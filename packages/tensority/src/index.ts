export { TensorityError, type TensorityErrorCode, type TensorityErrorFacts } from "./error.ts";
export { createHasher, type Hasher, type HasherOptions } from "./hasher.ts";
export type { KernelFactory, KernelName, MatrixKernel, WasmKernelSource } from "./kernel.ts";
export { p1Kernel } from "./kernels/p1.ts";
export { packedKernel } from "./packed.ts";
export { createResultCache, type ResultCache } from "./result-cache.ts";
export { meetsTarget } from "./target.ts";
export { portableKernels, tensority } from "./tensority.ts";
