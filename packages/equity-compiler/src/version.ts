/** Set when the package is built. */
declare const EQUITY_COMPILER_VERSION: string;

/** Version of this compiler, `source` when it runs from its sources. */
export const COMPILER_VERSION: string =
  typeof EQUITY_COMPILER_VERSION === "string" ? EQUITY_COMPILER_VERSION : "source";
