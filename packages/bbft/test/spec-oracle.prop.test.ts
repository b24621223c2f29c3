import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseM,
  createElectorate,
  groupValidators,
  leaderOf,
  merge,
  normalizeLatency,
  predictCandidates,
  predictTimeline,
  signerSet,
  signersOf,
} from "../src/index.ts";

/**
 * Second implementations of spec 90-bbft, sections 7.7, 8 and 11.2 to 11.7: each sentence as it
 * stands there, over plain lists, however slow.
 */

/** A campaign sets it: `BBFT_ORACLE_RUNS=20000 vitest run packages/bbft/test/spec-oracle`. */
const numRuns = Number(process.env["BBFT_ORACLE_RUNS"] ?? 60);

const UNKNOWN = 65535;

/** Milliseconds: a campaign takes its time. */
const TIMEOUT = 60_000 + 500 * numRuns;

type Matrix = readonly (readonly (number | undefined)[])[];

interface Network {
  readonly n: number;
  readonly reports: Matrix;
  readonly stake: readonly bigint[];
  readonly excluded: readonly number[];
  readonly fanout: number;
  readonly pick: number;
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Few different values, so that ties are everywhere, or many. */
const network: fc.Arbitrary<Network> = fc
  .tuple(fc.integer({ min: 1, max: 26 }), fc.constantFrom(1, 3, 900), fc.constantFrom(0, 0.2, 1))
  .chain(([n, spread, absence]) =>
    fc.record({
      n: fc.constant(n),
      reports: fc.array(
        fc.array(
          fc
            .tuple(fc.nat(spread), fc.double({ min: 0, max: 1, noNaN: true }))
            .map(([value, chance]) => (chance < absence ? undefined : value)),
          { minLength: n, maxLength: n },
        ),
        { minLength: n, maxLength: n },
      ),
      stake: fc.array(fc.bigInt(0n, 5n), { minLength: n, maxLength: n }),
      excluded: fc.subarray(range(n)),
      fanout: fc.integer({ min: 0, max: 5 }),
      pick: fc.nat(),
    }),
  );

/** Section 11.2. */
function distancesOf(n: number, reports: Matrix): number[][] {
  return range(n).map((i) =>
    range(n).map((j) => {
      if (i === j) return 0;
      const [there, back] = [reports[i]?.[j], reports[j]?.[i]];
      if (there === undefined && back === undefined) return UNKNOWN;
      if (there === undefined) return back ?? UNKNOWN;
      return back === undefined ? there : Math.max(there, back);
    }),
  );
}

class Oracle {
  readonly n: number;
  readonly f: number;
  readonly #distances: number[][];

  constructor(n: number, distances: number[][]) {
    this.n = n;
    this.f = Math.floor((n - 1) / 3);
    this.#distances = distances;
  }

  e(i: number, j: number): number {
    return this.#distances[i]?.[j] ?? UNKNOWN;
  }

  cost(gateways: readonly number[], members: readonly number[]): number {
    return sum(members.map((j) => Math.min(UNKNOWN, ...gateways.map((g) => this.e(g, j)))));
  }

  /** Section 11.3, steps 2 and 3. */
  medoids(pool: readonly number[], members: readonly number[], m: number): number[] {
    let chosen: number[] = [];
    while (chosen.length < m) {
      const options = pool.filter((c) => !chosen.includes(c));
      const costs = options.map((c) => this.cost([...chosen, c], members));
      chosen.push(options[costs.indexOf(Math.min(...costs))] ?? -1);
    }
    for (let round = 0; round < m; round++) {
      chosen.sort((a, b) => a - b);
      const exchanges = chosen.flatMap((g) =>
        pool
          .filter((c) => !chosen.includes(c))
          .map((c) => [...chosen.filter((other) => other !== g), c]),
      );
      const costs = exchanges.map((exchange) => this.cost(exchange, members));
      const least = Math.min(...costs);
      if (!(least < this.cost(chosen, members))) break;
      chosen = exchanges[costs.indexOf(least)] ?? [];
    }
    return chosen.sort((a, b) => a - b);
  }

  /** Section 11.3, step 6. */
  attach(
    gateways: readonly number[],
    members: readonly number[],
    cap: number,
  ): Map<number, number> {
    const pairs = members
      .flatMap((i) => gateways.map((g) => [this.e(i, g), i, g] as const))
      .sort(([d, i, g], [d2, i2, g2]) => d - d2 || i - i2 || g - g2);
    const parent = new Map<number, number>();
    for (const [, i, g] of pairs) {
      const size = [...parent.values()].filter((other) => other === g).length;
      if (!parent.has(i) && size < cap) parent.set(i, g);
    }
    return parent;
  }

  /** Sections 11.3 to 11.5. */
  topology(stake: readonly bigint[], excluded: readonly number[], wanted: number, fanout: number) {
    const everybody = range(this.n);
    const pool = everybody
      .filter((i) => !excluded.includes(i))
      .sort((a, b) => Number((stake[b] ?? 0n) - (stake[a] ?? 0n)) || a - b)
      .slice(0, Math.max(2 * wanted, wanted + 2))
      .sort((a, b) => a - b);
    const m = Math.min(wanted, pool.length);
    const gateways = this.medoids(pool, everybody, m);
    let cap = Math.ceil((125 * (this.n - m)) / (100 * m));
    if (m >= 4 && m * (this.f - 1) >= this.n - m) cap = Math.min(cap, this.f - 1);
    const parent = range(this.n).map(() => -1);
    const below = (g: number, members: readonly number[]): void => {
      if (fanout === 0 || members.length <= fanout) {
        for (const i of members) parent[i] = g;
        return;
      }
      const k = Math.floor(Math.sqrt(members.length));
      const heads = this.medoids(members, members, k);
      for (const head of heads) parent[head] = g;
      const rest = members.filter((i) => !heads.includes(i));
      const attached = this.attach(heads, rest, Math.ceil((125 * rest.length) / (100 * k)));
      for (const head of heads)
        below(
          head,
          rest.filter((i) => attached.get(i) === head),
        );
    };
    const others = everybody.filter((i) => !gateways.includes(i));
    const attached = this.attach(gateways, others, cap);
    for (const g of gateways)
      below(
        g,
        others.filter((i) => attached.get(i) === g),
      );
    return { gateways, parent, cap, cost: this.cost(gateways, everybody) };
  }

  /** Section 11.7, by recursion over the parents. */
  timeline(parent: readonly number[], leader: number) {
    const above = (i: number): number => parent[i] ?? -1;
    const gateways = range(this.n).filter((i) => above(i) === -1);
    const children = (i: number): number[] => range(this.n).filter((j) => above(j) === i);
    const size = (i: number): number => 1 + sum(children(i).map(size));
    const proposal = (i: number): number =>
      above(i) === -1 ? this.e(leader, i) : proposal(above(i)) + this.e(above(i), i);
    const phase = (cast: readonly number[]): number[] => {
      const ready = (i: number): number =>
        Math.max(cast[i] ?? 0, ...children(i).map((j) => ready(j) + this.e(j, i)));
      const own = (g: number): number => {
        const arrivals = gateways.map((x) => [ready(x) + this.e(x, g), size(x)] as const);
        const times = arrivals.map(([at]) => at).sort((a, b) => a - b);
        const enough = times.find(
          (time) => sum(arrivals.map(([at, votes]) => (at <= time ? votes : 0))) >= this.n - this.f,
        );
        return enough ?? 0;
      };
      const qc = (i: number): number =>
        above(i) === -1
          ? Math.min(own(i), own(leader) + this.e(leader, i))
          : qc(above(i)) + this.e(above(i), i);
      return range(this.n).map(qc);
    };
    const proposals = range(this.n).map(proposal);
    const prepareQc = phase(proposals);
    return { proposal: proposals, prepareQc, commitQc: phase(prepareQc) };
  }

  /** Section 11.6. */
  predict(
    stake: readonly bigint[],
    excluded: readonly number[],
    fanout: number,
    directMax: number,
  ) {
    const small = range(this.n + 1).filter((m) => m >= 1 && m * m <= this.n);
    const candidates = this.n <= directMax ? [...new Set([...small, this.n])] : small;
    return candidates.map((m) => {
      const { gateways, parent } = this.topology(stake, excluded, m, fanout);
      const leaders = gateways.slice(0, Math.min(8, m));
      const times = leaders.map((leader) => {
        const { commitQc } = this.timeline(parent, leader);
        return commitQc.sort((a, b) => a - b)[this.n - this.f - 1] ?? 0;
      });
      return { m, predicted: Math.floor(sum(times) / leaders.length) };
    });
  }
}

function given({ n, reports, stake, excluded, fanout, pick }: Network) {
  // With nobody left in the pool the section says nothing.
  const barred = excluded.length === n ? excluded.slice(1) : excluded;
  return {
    oracle: new Oracle(n, distancesOf(n, reports)),
    distances: normalizeLatency(n, (i, j) => reports[i]?.[j]),
    stake,
    barred,
    excluded: new Set(barred),
    fanout,
    m: (pick % n) + 1,
  };
}

describe("topology manager, against the sentences of the specification", () => {
  it("gateways, groups, levels, capacity and cost", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(network, (some) => {
        const { oracle, barred, ...input } = given(some);
        const { topology, capacity, cost } = groupValidators(input);
        const expected = oracle.topology(input.stake, barred, input.m, input.fanout);
        expect({
          gateways: topology.gateways,
          parent: topology.parent,
          cap: capacity,
          cost,
        }).toEqual(expected);
      }),
      { numRuns },
    );
  });

  it("timelines, with every gateway as leader", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(network, (some) => {
        const { oracle, distances, ...input } = given(some);
        const { topology } = groupValidators({ distances, ...input });
        for (const leader of topology.gateways)
          expect(predictTimeline(topology, distances, leader)).toEqual(
            oracle.timeline(topology.parent, leader),
          );
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });

  it("the candidates and the choice among them", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(network, fc.constantFrom(0, 8, 16, 30), (some, directMax) => {
        const { oracle, barred, ...input } = given(some);
        const candidates = predictCandidates({ ...input, directMax });
        const expected = oracle.predict(input.stake, barred, input.fanout, directMax);
        expect(candidates.map(({ m, predicted }) => ({ m, predicted }))).toEqual(expected);
        const least = Math.min(...expected.map(({ predicted }) => predicted));
        expect(chooseM(candidates).m).toBe(
          expected.find(({ predicted }) => predicted === least)?.m,
        );
        for (const current of expected) {
          const isClear = least * 10 < current.predicted * 9;
          const chosen = chooseM(candidates, current.m).m;
          if (!isClear) expect(chosen).toBe(current.m);
          else expect(chosen).toBe(chooseM(candidates).m);
        }
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });
});

it("leaders, against the sentences of the specification", () => {
  const rule = fc.integer({ min: 1, max: 24 }).chain((n) =>
    fc.record({
      n: fc.constant(n),
      gateways: fc.subarray(range(n), { minLength: 1 }),
      leaderTerm: fc.integer({ min: 1, max: 13 }),
      hierViews: fc.integer({ min: 0, max: 4 }),
    }),
  );
  const height = fc.oneof(fc.bigInt(1n, 60n), fc.bigInt(1n, 2n ** 64n - 1n));
  const view = fc.oneof(fc.nat(60), fc.nat(0xffffffff));
  fc.assert(
    fc.property(rule, height, view, (rule, h, v) => {
      const { n, gateways, leaderTerm, hierViews } = rule;
      const common = range(n).filter((i) => !gateways.includes(i));
      const expected = () => {
        if (v < hierViews) {
          const turn = ((h - 1n) / BigInt(leaderTerm) + BigInt(v)) % BigInt(gateways.length);
          return { mode: "hier", leader: gateways[Number(turn)] };
        }
        const k = v - hierViews;
        const pos = k % n;
        const c = common.length;
        if (c === 0)
          return { mode: "direct", leader: gateways[Number((h + BigInt(k)) % BigInt(n))] };
        const leader = pos < c ? common[Number((h + BigInt(pos)) % BigInt(c))] : gateways[pos - c];
        return { mode: "direct", leader };
      };
      expect(leaderOf(rule, h, v)).toEqual(expected());
    }),
    { numRuns: 10 * numRuns },
  );
});

it("merging, against the sentences of the specification, with any voting power", () => {
  const votes = fc.integer({ min: 1, max: 20 }).chain((n) =>
    fc.record({
      powers: fc.array(fc.constantFrom(1n, 1n, 2n, 7n, 2n ** 40n), { minLength: n, maxLength: n }),
      contributions: fc.uniqueArray(
        fc.record({
          source: fc.nat(n - 1),
          signers: fc.subarray(range(n), { minLength: 1 }),
        }),
        { selector: ({ source }) => source, maxLength: 8 },
      ),
      singles: fc.subarray(range(n)),
    }),
  );
  const none = new Uint8Array(0);
  fc.assert(
    fc.property(votes, ({ powers, contributions, singles }) => {
      const n = powers.length;
      const electorate = createElectorate({
        epoch: 0n,
        scheme: 2,
        validators: powers.map((power) => ({ power, stake: 0n, voteKey: none, idKey: none })),
      });
      const powerOf = (signers: readonly number[]) =>
        signers.reduce((total, signer) => total + (powers[signer] ?? 0n), 0n);
      const acc = new Set<number>();
      const usedSources: number[] = [];
      for (const { source, signers } of [...contributions].sort((a, b) => {
        const [left, right] = [powerOf(a.signers), powerOf(b.signers)];
        return left === right ? a.source - b.source : left > right ? -1 : 1;
      })) {
        if (signers.some((signer) => acc.has(signer))) continue;
        for (const signer of signers) acc.add(signer);
        usedSources.push(source);
      }
      const usedSingles = singles.filter((signer) => !acc.has(signer));
      const signers = [...acc, ...usedSingles].sort((a, b) => a - b);
      const merged = merge(
        electorate,
        contributions.map((one) => ({
          source: one.source,
          signers: signerSet(n, one.signers),
          signature: none,
        })),
        new Map([...singles].reverse().map((signer) => [signer, none])),
      );
      expect(merged.usedSources).toEqual(usedSources);
      expect(merged.usedSingles).toEqual(usedSingles);
      expect(signersOf(merged.signers)).toEqual(signers);
      expect(merged.isQuorum).toBe(3n * powerOf(signers) > 2n * powerOf(range(n)));
    }),
    { numRuns: 5 * numRuns },
  );
});
