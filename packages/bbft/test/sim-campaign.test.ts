import { expect, it } from "vitest";
import { runCampaign } from "../src/sim/index.ts";

/** 2000 in CI, 100,000 once: `BBFT_RUNS=2000 BBFT_FROM=1 vitest run packages/bbft/test/sim-campaign`. */
const RUNS = Number(process.env["BBFT_RUNS"] ?? 100);
const FROM = Number(process.env["BBFT_FROM"] ?? 1);
const MAX_N = Number(process.env["BBFT_MAX_N"] ?? 16);

it(`${RUNS} random networks from seed ${FROM}: agreement, single signatures, progress`, () => {
  const { failures } = runCampaign(FROM, RUNS, { minN: 4, maxN: MAX_N, maxHeights: 2 });
  // Each line is a command that runs the failing case again.
  expect(failures.map(({ reproduction, reasons }) => `${reproduction}  # ${reasons}`)).toEqual([]);
}, 3_600_000);
