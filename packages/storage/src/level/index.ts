export { openLevel } from "./engine.ts";
export type { LevelOptions } from "./options.ts";
