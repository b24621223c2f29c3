export { r2Kernel } from "../kernels/r2.ts";
export { u2Kernel } from "../kernels/u2.ts";
export { vnKernel } from "../kernels/vn.ts";
export { allKernels, enableRelaxedSimd, relaxedKernels } from "./relaxed.ts";
