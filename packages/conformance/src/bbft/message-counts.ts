import {
  decisionWire,
  faultsTolerated,
  groupValidators,
  phaseCounts,
  phaseTotals,
} from "@bystack/bbft";
import { measuredDistances, simulate, syntheticLatency } from "@bystack/bbft/sim";
import { count, equal, list, object } from "../check.ts";
import type { HandlerContext } from "../runner.ts";

/** The counters of a running network, failure-free, and the formulas. */
export async function messageCounts(file: unknown, { check }: HandlerContext): Promise<void> {
  for (const entry of list(object(file, "file")["cases"], "cases")) {
    const fields = object(entry, "case");
    const [n, m] = [count(fields["n"], "n"), count(fields["m"], "m")];
    await check(`n ${n}, m ${m}`, () => {
      equal(faultsTolerated(n), fields["f"], "f");
      equal(n - faultsTolerated(n), fields["quorum"], "quorum");
      const latency = syntheticLatency(n, 1, 4, 10, 40);
      const { topology } = groupValidators({
        distances: measuredDistances(latency),
        stake: new Array<bigint>(n).fill(1n),
        excluded: new Set(),
        m,
        fanout: 0,
      });
      const report = simulate({ n, topology, latency });
      const counts = report.counts.get(1n);
      if (counts === undefined || !report.isComplete) throw new Error("the network did not decide");
      for (const [what, phase] of [
        ["prepare", phaseTotals(counts, 1)],
        ["commit", phaseTotals(counts, 2)],
        ["formula", phaseCounts(n, m)],
      ] as const) {
        equal(phase.distribute, fields["distribute"], `${what}: distribute`);
        equal(phase.vote, fields["vote"], `${what}: vote`);
        equal(phase.exchange, fields["exchange"], `${what}: exchange`);
        equal(phase.finalize, fields["finalize"], `${what}: finalize`);
        equal(phase.loopback, fields["loopback"], `${what}: loopback`);
        equal(phase.arrows, fields["arrows"], `${what}: arrows`);
        equal(phase.wire, fields["wire"], `${what}: wire`);
        equal(phase.wire + phase.loopback, fields["s"], `${what}: s`);
      }
      equal(report.decisionMessages.get(1n), fields["decisionWire"], "messages of the decision");
      equal(decisionWire(n, m), fields["decisionWire"], "formula of the decision");
    });
  }
}
