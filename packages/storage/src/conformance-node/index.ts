export { forkConformanceChild } from "./fork.ts";
export { serveConformanceChild } from "./serve.ts";
