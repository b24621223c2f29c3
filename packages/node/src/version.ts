import manifest from "../package.json" with { type: "json" };

/** The version of this software. */
export const VERSION: string = manifest.version;
