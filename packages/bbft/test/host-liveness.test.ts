import { describe, expect, it } from "vitest";
import { endedHeight } from "../src/host/wal-codec.ts";
import { createTestNetwork, parameters, type TestNetwork } from "./host-helpers.ts";

const { viewTimeoutMs: T0, blockIntervalMs: INTERVAL } = parameters;

/** Virtual milliseconds of each height at one validator, without the block interval. */
function costOfHeights({ decisions }: TestNetwork, validator: number): number[] {
  const times = decisions.filter(({ index }) => index === validator).map(({ atMs }) => atMs);
  return times.map((atMs, at) => atMs - (at === 0 ? 0 : (times[at - 1] ?? 0) + INTERVAL));
}

describe("with one of four validators dead", () => {
  it("a view timer that expires while the next view is entered does not end that one", async () => {
    const network = createTestNetwork({ flushMs: 5 });
    await network.start(1);
    await network.start(2);
    // The last one joins the others' timeouts, and its own timer expires during that flush.
    await network.clock.sleep(8);
    await network.start(3);
    await network.clock.until(() => network.heightOf(3) >= 10);
    expect(network.views.filter(({ view }) => view > 1)).toEqual([]);
    expect(new Set(network.decisions.map(({ view }) => view))).toEqual(new Set([1]));
  });

  it("a node whose return makes the quorum does so at once, not with a retransmission", async () => {
    const network = createTestNetwork({});
    await network.start(0);
    await network.start(1);
    // Both gave up view 0 long ago, and neither of their timeouts is due again soon.
    await network.clock.sleep(T0 + 2100);
    const { length } = network.decisions;
    const before = network.clock.now();
    await network.start(3);
    await network.clock.until(() => network.decisions.length > length);
    expect(network.clock.now() - before).toBe(0);
    expect(network.decisions[0]).toMatchObject({ height: 1n, view: 1 });
  });

  it("a dead leader costs its view, a dead gateway one attach delay, and no height more", async () => {
    const network = createTestNetwork({});
    await Promise.all([1, 2, 3].map((index) => network.start(index)));
    // Validator 0 leads heights 1 to 12, validator 1 the twelve after.
    await network.clock.until(() => network.heightOf(3) >= 24);
    const costs = costOfHeights(network, 3);
    expect(new Set(costs.slice(0, 12))).toEqual(new Set([T0]));
    expect(new Set(costs.slice(12, 24))).toEqual(new Set([T0 / 4]));
  });

  it("a dead common validator costs its gateway's wait while the other gateway leads", async () => {
    const network = createTestNetwork({});
    await Promise.all([0, 1, 2].map((index) => network.start(index)));
    await network.clock.until(() => network.heightOf(2) >= 24);
    const costs = costOfHeights(network, 1);
    expect(new Set(costs.slice(0, 12))).toEqual(new Set([0]));
    expect(Math.max(...costs)).toBeLessThanOrEqual(Math.ceil(T0 / 8));
    expect(new Set(network.decisions.map(({ view }) => view))).toEqual(new Set([0]));
  });

  it("a synchronization that fails does not stop the validator that needs it", async () => {
    const network = createTestNetwork({});
    const { clock, heightOf } = network;
    let calls = 0;
    Object.assign(network.applications[2] ?? {}, {
      // biome-ignore lint/correctness/useYield: it fails before the first block
      async *synchronize() {
        calls++;
        throw new Error("nobody answers");
      },
    });
    await Promise.all([0, 1, 3].map((index) => network.start(index)));
    await clock.until(() => heightOf(0) >= 10);
    await network.start(2);
    await clock.until(() => heightOf(2) >= heightOf(0));
    expect(calls).toBeGreaterThan(0);
  });

  it("one that returns ten heights behind catches up while the others go on", async () => {
    const network = createTestNetwork({ flushMs: 1 });
    const { clock, heightOf } = network;
    await Promise.all([0, 1, 2, 3].map((index) => network.start(index)));
    await clock.until(() => heightOf(2) >= 5);
    await network.stop(2);
    const left = heightOf(0);
    await clock.until(() => heightOf(0) >= left + 10);
    const returnedAt = clock.now();
    await network.start(2);
    await clock.until(() => heightOf(2) >= heightOf(0));
    expect(clock.now() - returnedAt).toBeLessThan(T0);
    // It counts again: without another one, it makes the quorum in view 0.
    await network.stop(3);
    const { length } = network.decisions;
    const before = heightOf(0);
    await clock.until(() => heightOf(0) >= before + 6);
    const views = network.decisions.slice(length).map(({ view }) => view);
    expect(new Set(views)).toEqual(new Set([0]));
  });
});

it("starts when its application ended an epoch and its log was cut before saying so", async () => {
  const network = createTestNetwork({ parameters: { ...parameters, epochLength: 10 } });
  await Promise.all([0, 1, 2, 3].map((index) => network.start(index)));
  await network.clock.until(() => network.heightOf(3) === 10);
  await network.stop(3);
  await network.cutLog(3, (entry) => endedHeight(entry) === 10n);
  await network.start(3);
  await network.clock.until(() => network.heightOf(3) >= 13);
  expect(network.applications[3]?.decisions.slice(0, 13)).toEqual(
    network.applications[0]?.decisions.slice(0, 13),
  );
});
