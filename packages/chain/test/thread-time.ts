import { readFileSync } from "node:fs";

/** CPU milliseconds of this process, all threads. */
export function processMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** CPU milliseconds of the main thread; undefined where the system does not tell (Linux does). */
export function mainThreadMs(): number | undefined {
  try {
    const path = `/proc/self/task/${process.pid}/schedstat`;
    return Number(readFileSync(path, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return undefined;
  }
}
