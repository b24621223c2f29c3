/** Ends a run with the one line that CI reads: `tests: N passed, N failed, N skipped`. */
export default class TallyReporter {
  onTestRunEnd(modules, errors) {
    const tally = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      if (module.state() === "failed" && module.children.size === 0) tally.failed++;
      for (const test of module.children.allTests()) tally[test.result().state]++;
    }
    console.log(`tests: ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  }
}
