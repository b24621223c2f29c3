import { describe, expect, it } from "vitest";
import {
  BbftCore,
  createContextFactory,
  createElectorate,
  createFakeScheme,
  DEFAULT_PARAMETERS,
  decodeLatencyReport,
  distanceOf,
  distancesFromReports,
  type Effect,
  type Event,
  encodeLatencyReport,
  hash,
  latencyBytes,
  reportHeight,
  runCheck,
  SIGN_KIND,
  type ValidatorSet,
} from "../src/index.ts";
import { createNodeEd25519 } from "../src/node/ed25519.ts";
import { chainId, secretOf } from "./helpers.ts";

const identity = createNodeEd25519();
const scheme = createFakeScheme();
const keys = [0, 1, 2, 3].map((index) => identity.publicKey(secretOf(index)));
const set: ValidatorSet = {
  epoch: 0n,
  scheme: scheme.id,
  validators: keys.map((idKey, index) => ({
    ...{ power: 1n, stake: BigInt(10 - index), idKey },
    voteKey: scheme.publicKey(secretOf(index)),
  })),
};

function reportOf(index: number, values: readonly number[], epoch = 0n): Uint8Array {
  const idKey = keys[index] ?? chainId;
  const entries = keys
    .map((key, at) => ({ idKey: key, value: values[at] ?? 0 }))
    .filter((_, at) => at !== index);
  const signature = identity.sign(
    secretOf(index),
    latencyBytes(chainId, { epoch, idKey, entries }),
  );
  const sorted = [...entries].sort((a, b) =>
    Buffer.compare(Buffer.from(a.idKey), Buffer.from(b.idKey)),
  );
  return encodeLatencyReport({ epoch, idKey, entries: sorted, signature });
}

describe("latency reports", () => {
  it("come back as they were; the slower direction counts, and the first report", () => {
    const first = reportOf(0, [0, 10, 20, 30]);
    expect(encodeLatencyReport(decodeLatencyReport(first))).toEqual(first);
    const reports = [first, reportOf(1, [15, 0, 5, 5]), reportOf(0, [0, 500, 500, 500])];
    const distances = distancesFromReports(set, reports);
    expect(distanceOf(distances, 0, 1)).toBe(15);
    expect(distanceOf(distances, 0, 3)).toBe(30);
    expect(distanceOf(distances, 2, 3)).toBe(65535);
  });

  it("are due in the first half of an epoch", () => {
    for (let index = 0; index < 50; index++) {
      const height = reportHeight(chainId, 2n, index, 100);
      expect(height > 200n && height <= 250n).toBe(true);
    }
  });

  it("are decided by the chain and shape the next epoch", () => {
    const parameters = { ...DEFAULT_PARAMETERS, scheme: 255, epochLength: 10, m: 2, fanout: 0 };
    const createContext = createContextFactory({ scheme, parameters });
    const decided: (readonly Uint8Array[])[] = [];
    const cores = keys.map(
      (idKey) =>
        new BbftCore({
          ...{ chainId, idKey, lastAppBlockId: chainId },
          context: createContext(set, undefined, undefined),
          createContext(next, previous, outcome) {
            decided.push(outcome.latencyReports);
            return createContext(next, previous, outcome);
          },
          identify: hash,
        }),
    );
    const queue: { to: number; event: Event }[] = keys.map((_, to) => ({
      to,
      event: { type: "start" },
    }));
    // Two pairs, far from each other.
    const rows = [
      [0, 5, 300, 300],
      [5, 0, 300, 300],
      [300, 300, 0, 5],
      [300, 300, 5, 0],
    ];
    rows.forEach((row, to) => {
      queue.push({ to, event: { type: "latency", report: reportOf(to, row) } });
    });
    queue.push({
      to: 0,
      event: {
        type: "message",
        from: 1,
        message: { type: "latency-report", report: reportOf(1, [1, 1, 1, 1], 9n) },
      },
    });
    const electorate = createElectorate(set);
    const verifyContext = {
      ...{ chainId, identity },
      electorateOf: (epoch: bigint) => ({
        electorate: { ...electorate, set: { ...set, epoch } },
        scheme,
      }),
    };
    const carryOut = (from: number, effect: Effect): void => {
      const give = (event: Event) => queue.push({ to: from, event });
      if (effect.type === "send")
        for (const to of effect.to)
          queue.push({ to, event: { type: "message", from, message: effect.message } });
      else if (effect.type === "sign") {
        const { kind, bytes } = effect.request;
        const signer = kind === SIGN_KIND.PROPOSAL ? identity : scheme;
        give({ type: "signed", id: effect.id, signature: signer.sign(secretOf(from), bytes) });
      } else if (effect.type === "verify")
        give({ type: "verified", id: effect.id, invalid: runCheck(effect.check, verifyContext) });
      else if (effect.type === "prepare") {
        const appBlock = new TextEncoder().encode(`block ${effect.height}`);
        give({ ...effect, type: "prepared", appBlockId: hash(appBlock), appBlock });
      } else if (effect.type === "validate")
        give({ ...effect, type: "validated", isAccepted: true });
      else if (effect.type === "commit")
        give({ type: "committed", height: effect.decision.height });
      else if (effect.type === "set-timer" && effect.key === "interval") give({ type: "ready" });
    };
    for (let at = 0; at < queue.length && cores.some(({ height }) => height < 12n); at++) {
      const next = queue[at];
      if (next === undefined) break;
      for (const effect of cores[next.to]?.step(next.event) ?? []) carryOut(next.to, effect);
    }
    expect(cores.map(({ height }) => height >= 12n)).toEqual([true, true, true, true]);
    expect(decided).toHaveLength(4);
    for (const reports of decided) {
      expect(reports.length).toBe(4);
      expect(reports).toEqual(decided[0]);
    }
    const { topology } = cores[2]?.context ?? {};
    expect(topology?.gateways).toEqual([0, 2]);
    expect(topology?.parent).toEqual([-1, 0, -1, 2]);
  });
});
