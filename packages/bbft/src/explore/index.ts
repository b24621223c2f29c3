export { type Exploration, type ExplorationOptions, explore } from "./explore.ts";
export { type NodeState, VARIANTS, type Variant } from "./model.ts";
