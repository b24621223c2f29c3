// Where everything lies in a kernel's memory. The driver in src/wasm-kernel.ts knows the same
// addresses through the exported getters only.

/** 128 bytes: the expanded seed before the first round, the state of the rounds after it. */
export const STATE: usize = 0x400;
/** 256 bytes: the folded sum. */
export const FOLDED: usize = 0x600;
/** 256 bytes: one row of a matrix in natural order. */
export const ROW: usize = 0x800;
/** 128 zero bytes. */
export const ZEROS: usize = 0xa00;
/** 128 KiB: the scratchpad, blocks in diagonal order. */
export const PAD: usize = 0x10000;
/** 128 KiB each: the left factor and the product, in the kernel's own order. */
export const FACTOR: usize = 0x30000;
export const PRODUCT: usize = 0x50000;
/** 64 KiB: 256 x 256 bytes in natural order, the sum of the slices or a matrix to load. */
export const SUM: usize = 0x70000;
/** 128 KiB: look-up tables of a row block. */
export const TABLE: usize = 0x80000;
/** The prepared matrices, to the end of the memory. */
export const MATRICES: usize = 0x100000;

export const SIZE: i32 = 256;
