import { parseArgs } from "node:util";
import { run } from "./runner.ts";
import { suites } from "./suites.ts";

const usage = `Usage: pnpm conformance [--vectors DIR] [--suite NAME[/FILE]]... [--json]

Runs golden vectors against the public API of the packages.

  --vectors DIR         folder of suites, DIR/<suite>/*.json (default: vectors)
  --suite NAME[/FILE]   only this suite or file; may be given several times
  --kernel NAME         tensority: only this kernel (default: each that the machine can run)
  --json                one line a file: {"suite","file","passed","failed","firstFailure"}
  --help                this text

The last line is "N passed, N failed"; the exit code is 1 when any failed or none ran.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      vectors: { type: "string", default: "vectors" },
      suite: { type: "string", multiple: true, default: [] },
      kernel: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  let [passed, failed] = [0, 0];
  const results = run({
    directory: values.vectors,
    suites,
    wanted: values.suite,
    options: { kernel: values.kernel },
    note: values.json ? () => {} : (text) => console.log(`  ${text}`),
  });
  for await (const result of results) {
    passed += result.passed;
    failed += result.failed;
    if (values.json) {
      console.log(JSON.stringify(result));
      continue;
    }
    const verdict = result.failed === 0 ? "ok  " : "FAIL";
    console.log(
      `${verdict} ${result.suite}/${result.file}: ${result.passed} passed, ${result.failed} failed`,
    );
    if (result.firstFailure !== undefined) console.log(`     first: ${result.firstFailure}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
