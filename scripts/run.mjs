// Runs a TypeScript program of this repository from source: node scripts/run.mjs <file.ts> [args]
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.mjs";

const [node, , entry, ...args] = process.argv;
if (entry === undefined) {
  console.error("usage: node scripts/run.mjs <file.ts> [args]");
  process.exit(2);
}
const outfile = await bundle(entry);
process.argv = [node, entry, ...(args[0] === "--" ? args.slice(1) : args)];
await import(pathToFileURL(outfile).href);
