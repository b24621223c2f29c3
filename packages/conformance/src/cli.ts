import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { runOnThreads, serveThread } from "./threads.ts";

const usage = `Usage: pnpm conformance [--vectors DIR] [--suite NAME[/FILE]]... [--jobs N] [--json]

Runs golden vectors against the public API of the packages.

  --vectors DIR         folder of suites, DIR/<suite>/*.json (default: vectors)
  --suite NAME[/FILE]   only this suite or file; may be given several times
  --kernel NAME         tensority: only this kernel (default: each that the machine can run)
  --jobs N              threads that share the files (default: one a core, at most 4)
  --json                one line a file: {"suite","file","passed","failed","firstFailure"}
  --help                this text

The last line is "N passed, N failed"; the exit code is 1 when any failed or none ran.`;

const MAX_JOBS = 64;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      vectors: { type: "string", default: "vectors" },
      suite: { type: "string", multiple: true, default: [] },
      kernel: { type: "string" },
      jobs: { type: "string", default: String(Math.min(4, availableParallelism())) },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MAX_JOBS)
    throw new Error(`--jobs needs a whole number from 1 to ${MAX_JOBS}`);
  let [passed, failed] = [0, 0];
  const options = {
    directory: values.vectors,
    wanted: values.suite,
    options: { kernel: values.kernel },
  };
  for await (const { result, notes } of runOnThreads(new URL(import.meta.url), options, jobs)) {
    passed += result.passed;
    failed += result.failed;
    if (values.json) {
      console.log(JSON.stringify(result));
      continue;
    }
    for (const note of notes) console.log(`  ${note}`);
    const verdict = result.failed === 0 ? "ok  " : "FAIL";
    console.log(
      `${verdict} ${result.suite}/${result.file}: ${result.passed} passed, ${result.failed} failed`,
    );
    if (result.firstFailure !== undefined) console.log(`     first: ${result.firstFailure}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

if (!serveThread()) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.log("0 passed, 1 failed");
    process.exitCode = 1;
  }
}
