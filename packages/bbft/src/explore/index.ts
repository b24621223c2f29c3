export { type Exploration, type ExplorationOptions, explore } from "./explore.ts";
export {
  type CoreExploration,
  type CoreExplorationOptions,
  exploreCore,
} from "./explore-core.ts";
export { type NodeState, VARIANTS, type Variant } from "./model.ts";
