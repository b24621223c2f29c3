/** Ways to compute the matrix products, slowest first. All give the same bytes. */
export type KernelName = "scalar" | "packed" | "p1" | "r2" | "u2" | "vn";

/** The part of the hash that costs time: 256 matrix products over the matrices of one seed. */
export interface MatrixKernel {
  readonly name: KernelName;
  /** Bytes held for the prepared seed, work space included. */
  readonly memoryBytes: number;
  /**
   * Derives the matrices of `seed`, in place of those held before.
   *
   * @param seed 32 bytes
   */
  prepare(seed: Uint8Array): void;
  /**
   * Multiplies along the four sequences, adds the results and folds the sum.
   *
   * @param sequences 128 bytes: the matrix indices of all slices
   * @returns 256 bytes, whose SHA3-256 is the Tensority hash
   */
  products(sequences: Uint8Array): Uint8Array;
  /**
   * One reduced product `f(X * transpose(M))`, for tests of the kernel. Forgets the prepared seed.
   *
   * @param x 256 x 256 elements, row by row
   * @param m 256 x 256 elements, row by row
   */
  multiply(x: Int8Array, m: Int8Array): Int8Array;
}

/** Makes kernels of one kind, each with memory of its own. */
export interface KernelFactory {
  readonly name: KernelName;
  /**
   * Whether the kernel's instructions mean the same on every engine. The word of any other kernel
   * is checked by one of these before a block is refused or mined work is handed on.
   */
  readonly isPortable: boolean;
  /** What a compiled kernel is made from, so that a worker can make the same factory. */
  readonly source?: WasmKernelSource | undefined;
  /** A new kernel with nothing prepared, or `undefined` where the machine cannot run it. */
  create(): MatrixKernel | undefined;
}

/** A compiled kernel, as data. */
export interface WasmKernelSource {
  readonly name: KernelName;
  /** The compiled code, base64. */
  readonly wasm: string;
  /** Whether its instructions mean the same on every engine. */
  readonly isPortable: boolean;
  /** Bytes of its memory. */
  readonly memoryBytes: number;
}
