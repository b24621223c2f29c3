import { describe, expect, it } from "vitest";
import {
  type Certificate,
  type Message,
  signerSet,
  timeoutBytes,
  voteBytes,
} from "../src/index.ts";
import { type Driven, drive, scheme, value, vote, voteOf } from "./core-driver.ts";
import { chainId, secretOf } from "./helpers.ts";

const place = { epoch: 0n, height: 1n, view: 0 };

/** The prepare certificate of view 0. */
const certificate: Certificate = {
  ...{ ...place, kind: 1, scheme: scheme.id, valueId: value(1), n: 4 },
  signers: signerSet(4, [0, 1, 2]),
  signature: scheme.combine(
    [0, 1, 2].map((signer) => ({
      signers: [signer],
      signature: scheme.sign(secretOf(signer), voteBytes(1, chainId, place, value(1))),
    })),
  ),
};

/** A timeout of view 0 that claims the certificate. */
function timeoutBy(signer: number, highQc: Certificate | undefined): Message {
  const signature = scheme.sign(secretOf(signer), timeoutBytes(chainId, place, 1));
  return { type: "timeout", timeout: { ...place, qcViewPlus1: 1, signer, signature, highQc } };
}
const give = (driven: Driven, from: number, highQc: Certificate | undefined): void =>
  driven.give(from, timeoutBy(from, highQc));

/** Timeouts of the own view 0: to whom with its certificate, to whom without. */
function sentBy({ effects }: Driven): { full: number[]; spared: number[] } {
  const [full, spared]: [number[], number[]] = [[], []];
  for (const effect of effects)
    if (effect.type === "send" && effect.message.type === "timeout")
      (effect.message.timeout.highQc === undefined ? spared : full).push(...effect.to);
  return { full, spared };
}
const asked = ({ effects }: Driven): number[] =>
  effects.flatMap((effect) =>
    effect.type === "send" && effect.message.type === "proof-request" ? effect.to : [],
  );

function started(): Driven {
  const driven = drive(3);
  driven.step({ type: "start" });
  return driven;
}

/** @see spec 90-bbft, section 9.2 "Timeouts" */
describe("a timeout leaves its certificate out", () => {
  it("to those who have sent it, voted for it or claimed it; to nobody else", () => {
    const driven = started();
    driven.give(0, { type: "certificate", certificate });
    give(driven, 1, certificate);
    driven.step({ type: "timer", key: "view" });
    expect(sentBy(driven)).toEqual({ full: [1, 2], spared: [0] });
    // The claim of validator 1 was not checked yet: nothing followed from it alone.
    give(driven, 2, certificate);
    driven.step({ type: "timer", key: "retransmit" });
    expect(driven.core.view).toBe(1);
  });

  it("and who holds the certificate takes it as if it were there", () => {
    const driven = started();
    driven.give(0, { type: "certificate", certificate });
    for (const signer of [0, 1, 2]) give(driven, signer, undefined);
    expect(asked(driven)).toEqual([]);
    expect(driven.core.view).toBe(1);
    expect(driven.core.current.lastTc?.highQc).toEqual(certificate);
  });

  it("and who does not hold it asks the sender, each time", () => {
    const driven = started();
    for (const signer of [0, 1, 2]) give(driven, signer, undefined);
    give(driven, 2, undefined);
    expect([asked(driven), driven.core.view]).toEqual([[0, 1, 2, 2], 0]);
    driven.give(1, { type: "certificate", certificate });
    expect(driven.core.view).toBe(1);
  });

  it("and one that comes again with it takes the place of the other", () => {
    const driven = started();
    for (const signer of [0, 1]) give(driven, signer, undefined);
    for (const signer of [0, 1, 2]) give(driven, signer, certificate);
    expect(driven.core.view).toBe(1);
  });

  it("and one that claims none has none to leave out", () => {
    const driven = started();
    driven.give(0, vote(voteOf(0, 2, 0, value(1))));
    driven.step({ type: "timer", key: "view" });
    expect(sentBy(driven)).toEqual({ full: [], spared: [0, 1, 2] });
  });
});

it("the highest certificate of an undecided height is given to who asks for a proof", () => {
  const driven = started();
  const given = () =>
    driven.effects.flatMap((effect) =>
      effect.type === "send" && effect.message.type === "certificate" && effect.stage === "recovery"
        ? effect.to
        : [],
    );
  driven.give(2, { type: "proof-request", height: 1n });
  expect(given()).toEqual([]);
  driven.give(0, { type: "certificate", certificate });
  driven.give(2, { type: "proof-request", height: 1n });
  expect(given()).toEqual([2]);
});
