export { type ChainFile, type FileBlock, openChainFile, type RecordedTip } from "./chain-file.ts";
export { NodeError, type NodeErrorCode } from "./error.ts";
export { exportBlocks } from "./export-blocks.ts";
export { type ImportResult, importBlocks } from "./import-blocks.ts";
export type { MiningOptions } from "./mining.ts";
export { createNode, type Node, type NodeOptions } from "./node.ts";
export type { SignatureLibrary } from "./signature-backend.ts";
