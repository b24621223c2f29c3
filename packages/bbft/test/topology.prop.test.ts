import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createTopology,
  faultsTolerated,
  groupValidators,
  leaderOf,
  normalizeLatency,
  spanningTreeTopology,
  viewTopology,
} from "../src/index.ts";

const network = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 4 }), fc.nat(0xffff))
  .map(([n, fanout, seed]) => {
    const value = (i: number, j: number) =>
      (Math.imul(i * 31 + j + 1, 2654435761 + seed) >>> 9) % 900;
    return { n, fanout, distances: normalizeLatency(n, value), seed };
  });

describe("groups", () => {
  it("are a forest over all validators, with small groups where that is possible", () => {
    fc.assert(
      fc.property(network, fc.nat(29), ({ n, fanout, distances, seed }, pick) => {
        const m = (pick % n) + 1;
        const stake = Array.from({ length: n }, (_, i) => BigInt((i * 7 + seed) % 13));
        const { topology, capacity } = groupValidators({
          distances,
          stake,
          excluded: new Set(),
          m,
          fanout,
        });
        expect(topology.gateways).toHaveLength(m);
        const sizes = topology.gateways.map((gateway) => topology.subtreeSize[gateway] ?? 0);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(n);
        expect(Math.max(...sizes) - 1).toBeLessThanOrEqual(Math.max(capacity, 0));
        const f = faultsTolerated(n);
        if (m >= 4 && m * (f - 1) >= n - m) expect(Math.max(...sizes)).toBeLessThanOrEqual(f);
      }),
    );
  });

  it("an excluded validator is no gateway while others are left", () => {
    fc.assert(
      fc.property(network, ({ n, distances }) => {
        fc.pre(n >= 3);
        const { topology } = groupValidators({
          distances,
          stake: new Array<bigint>(n).fill(1n),
          excluded: new Set([0]),
          m: 2,
          fanout: 0,
        });
        expect(topology.gateways).not.toContain(0);
      }),
    );
  });

  it("a spanning forest has the asked number of trees", () => {
    fc.assert(
      fc.property(network, fc.nat(29), ({ n, distances }, pick) => {
        const m = (pick % n) + 1;
        const topology = spanningTreeTopology(distances, m, n - 1);
        expect(topology.gateways).toHaveLength(m);
        expect(topology.gateways).toContain(n - 1);
      }),
    );
  });
});

it("parents that form a cycle, or do not exist, are refused", () => {
  expect(() => createTopology([1, 0, -1])).toThrow(RangeError);
  expect(() => createTopology([-1, 5])).toThrow(RangeError);
  expect(() => createTopology([0])).toThrow(RangeError);
});

describe("leaders", () => {
  it("every validator leads one of n consecutive direct views", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        fc.bigInt(1n, 1n << 40n),
        (n, pick, height) => {
          const gateways = Array.from({ length: n }, (_, i) => i).filter(
            (i) => (pick >> (i % 16)) & 1,
          );
          if (gateways.length === 0) gateways.push(0);
          const rule = { n, gateways, leaderTerm: 12, hierViews: 2 };
          const leaders = new Set<number>();
          for (let view = 2; view < 2 + n; view++) {
            const { mode, leader } = leaderOf(rule, height, view);
            expect(mode).toBe("direct");
            leaders.add(leader);
          }
          expect(leaders.size).toBe(n);
        },
      ),
    );
  });

  it("a direct view is a star around its leader", () => {
    const epoch = createTopology([-1, 0, 0, -1]);
    const star = viewTopology(epoch, { mode: "direct", leader: 2 });
    expect(star.gateways).toEqual([2]);
    expect(star.children[2]).toEqual([0, 1, 3]);
    expect(viewTopology(epoch, { mode: "hier", leader: 0 })).toBe(epoch);
  });
});
