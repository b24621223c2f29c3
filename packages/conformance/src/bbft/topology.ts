import {
  chooseM,
  faultsTolerated,
  groupValidators,
  integerSquareRoot,
  leaderOf,
  normalizeLatency,
  predictCandidates,
  predictTimeline,
} from "@bystack/bbft";
import { count, equal, type Fields, integer, list, object, text } from "../check.ts";
import type { HandlerContext } from "../runner.ts";

/** `directMax` of the adaptive cases. */
const DIRECT_MAX = 16;

function groupingInput(fields: Fields) {
  const n = count(fields["n"], "n");
  const latency = list(fields["latency"], "latency").map((row) => list(row, "latency row"));
  return {
    n,
    distances: normalizeLatency(n, (reporter, target) => {
      const value = latency[reporter]?.[target];
      return value === null ? undefined : count(value, "latency");
    }),
    stake: list(fields["stake"], "stake").map((amount) => integer(amount, "stake")),
    excluded: new Set(list(fields["banned"], "banned").map((one) => count(one, "banned"))),
    m: count(fields["m"], "m") || integerSquareRoot(n),
    fanout: count(fields["fanout"], "fanout"),
  };
}

function casesById(context: HandlerContext): Map<string, Fields> {
  const cases = list(object(context.load("topology.json"), "topology")["cases"], "cases");
  return new Map(
    cases.map((entry) => {
      const fields = object(entry, "case");
      return [text(fields["id"], "id"), fields];
    }),
  );
}

function inputOf(cases: ReadonlyMap<string, Fields>, fields: Fields) {
  return groupingInput(object(cases.get(text(fields["id"], "id")), "topology case"));
}

export async function topology(file: unknown, { check }: HandlerContext): Promise<void> {
  for (const entry of list(object(file, "file")["cases"], "cases")) {
    const fields = object(entry, "case");
    await check(text(fields["id"], "id"), () => {
      const input = groupingInput(fields);
      const expect = object(fields["expect"], "expect");
      const { topology: forest, capacity, cost } = groupValidators(input);
      equal(forest.gateways.length, expect["m"], "m");
      equal(faultsTolerated(input.n), expect["f"], "f");
      equal(capacity, expect["cap"], "cap");
      equal(forest.gateways, expect["gateways"], "gateways");
      equal(forest.parent, expect["parent"], "parent");
      equal(BigInt(cost), integer(expect["cost"], "cost"), "cost");
    });
  }
}

export async function timeline(file: unknown, context: HandlerContext): Promise<void> {
  const cases = casesById(context);
  for (const [at, entry] of list(object(file, "file")["cases"], "cases").entries()) {
    const fields = object(entry, "case");
    await context.check(`case ${at}, ${text(fields["id"], "id")}`, () => {
      const input = inputOf(cases, fields);
      const expect = object(fields["expect"], "expect");
      const { topology: forest } = groupValidators(input);
      const leader = count(fields["leader"], "leader");
      const predicted = predictTimeline(forest, input.distances, leader);
      equal(predicted.proposal, expect["proposal"], "proposal");
      equal(predicted.prepareQc, expect["prepareQC"], "prepareQC");
      equal(predicted.commitQc, expect["commitQC"], "commitQC");
    });
  }
}

export async function adaptiveM(file: unknown, context: HandlerContext): Promise<void> {
  const cases = casesById(context);
  for (const entry of list(object(file, "file")["cases"], "cases")) {
    const fields = object(entry, "case");
    await context.check(text(fields["id"], "id"), () => {
      const input = inputOf(cases, fields);
      const candidates = predictCandidates({ ...input, fanout: 0, directMax: DIRECT_MAX });
      const expected = list(fields["candidates"], "candidates").map((item) => {
        const candidate = object(item, "candidate");
        return { m: candidate["m"], predicted: candidate["predicted"] };
      });
      const actual = candidates.map(({ m, predicted }) => ({ m, predicted }));
      equal(actual, expected, "candidates");
      equal(chooseM(candidates).m, object(fields["expect"], "expect")["m"], "m");
    });
  }
}

export async function leader(file: unknown, { check }: HandlerContext): Promise<void> {
  for (const [at, entry] of list(object(file, "file")["cases"], "cases").entries())
    await check(`case ${at}`, () => {
      const fields = object(entry, "case");
      const rule = {
        n: count(fields["n"], "n"),
        gateways: list(fields["gateways"], "gateways").map((one) => count(one, "gateway")),
        leaderTerm: count(fields["leaderTerm"], "leaderTerm"),
        hierViews: count(fields["hierViews"], "hierViews"),
      };
      const height = integer(fields["height"], "height");
      const actual = leaderOf(rule, height, count(fields["view"], "view"));
      const expect = object(fields["expect"], "expect");
      equal(actual.mode, expect["mode"], "mode");
      equal(actual.leader, expect["leader"], "leader");
    });
}
