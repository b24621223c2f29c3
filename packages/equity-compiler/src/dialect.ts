/**
 * Which of the two historical compilers to agree with: `0.1.1` is the newest stand-alone compiler,
 * `node` the older copy inside the nodes of both chains, which serves their `/compile`.
 *
 * @see spec 30-equity, section 1 "Two dialects"
 */
export type Dialect = "0.1.1" | "node";
