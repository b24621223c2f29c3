import { FAULT_SCENARIOS, runFaultScenario } from "./fault-scenarios.ts";
import { differencePercent, judge, type Table } from "./table.ts";

/** Section 18.4: fault injection, median and largest time until the last honest validator decided. */
export function faultTable(seeds: number, onScenario?: (name: string) => void): Table {
  const rows = FAULT_SCENARIOS.map((scenario) => {
    onScenario?.(scenario.name);
    const runs = Array.from({ length: seeds }, (_, i) => runFaultScenario(scenario, i + 1));
    const times = runs.map(({ endUs }) => Math.round(endUs / 1000)).sort((a, b) => a - b);
    const [median = 0, largest = 0] = [times[times.length >> 1], times.at(-1)];
    const held = runs.filter(
      (report) => report.violations.length === 0 && scenario.holds(report),
    ).length;
    const { name, required, printed } = scenario;
    const [printedMedian, printedMax] = printed ?? [];
    return [
      name,
      required,
      `${held}/${seeds}`,
      Math.max(0, ...runs.map(({ maxView }) => maxView)),
      median,
      printedMedian ?? "-",
      printedMedian === undefined ? "-" : judge(differencePercent(median, printedMedian)),
      largest,
      printedMax ?? "-",
      printedMax === undefined ? "-" : judge(differencePercent(largest, printedMax)),
    ];
  });
  return {
    title: `Fault injection, N = 16, M = 4, f = 5, four regions of 35 to 75 ms, seeds 1 to ${seeds}`,
    columns: [
      "scenario",
      "required",
      "held",
      "views",
      "median ms",
      "median ms, spec",
      "difference",
      "max ms",
      "max ms, spec",
      "difference of max",
    ],
    rows,
    notes: ["Time until the last honest validator has decided; 30 s stands for none."],
  };
}
