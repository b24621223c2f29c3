import { expect, it } from "vitest";
import {
  BbftCore,
  createBls12381,
  createContextFactory,
  createElectorate,
  DEFAULT_PARAMETERS,
  type Effect,
  type Event,
  hash,
  type NextEpoch,
  runCheck,
  SIGN_KIND,
  type SignatureScheme,
  starTopology,
  type ValidatorSet,
} from "../src/index.ts";
import { createNodeEd25519 } from "../src/node/ed25519.ts";
import { chainId, secretOf } from "./helpers.ts";

const [ed25519, bls] = [createNodeEd25519(), createBls12381()];
const parameters = { ...DEFAULT_PARAMETERS, scheme: ed25519.id, epochLength: 10, leaderTerm: 99 };
const schemeAt = (epoch: bigint): SignatureScheme => (epoch === 0n ? ed25519 : bls);
const setOf = (epoch: bigint): ValidatorSet => ({
  ...{ epoch, scheme: schemeAt(epoch).id },
  validators: [0, 1, 2, 3].map((index) => ({
    ...{ power: 1n, stake: 1n, idKey: ed25519.publicKey(secretOf(index)) },
    voteKey: schemeAt(epoch).publicKey(secretOf(index)),
  })),
});
const nextOf = (height: bigint): NextEpoch =>
  height === 10n
    ? { nextValidators: setOf(1n), nextParameters: { ...parameters, scheme: bls.id } }
    : {};

it("a chain changes from ed25519 to BLS at the end of an epoch", () => {
  const createContext = createContextFactory({
    ...{ scheme: ed25519, otherSchemes: [bls], parameters },
    provider: () => starTopology(4),
  });
  const cores = [0, 1, 2, 3].map(
    (index) =>
      new BbftCore({
        ...{ chainId, idKey: ed25519.publicKey(secretOf(index)), lastAppBlockId: chainId },
        ...{ identify: hash, createContext },
        context: createContext(setOf(0n), undefined, undefined),
      }),
  );
  const verifyContext = {
    ...{ chainId, identity: ed25519 },
    electorateOf: (epoch: bigint) => ({
      ...{ electorate: createElectorate(setOf(epoch)), scheme: schemeAt(epoch) },
    }),
  };
  const schemes: number[][] = cores.map(() => []);
  const queue: { to: number; event: Event }[] = cores.map((_, to) => ({
    ...{ to, event: { type: "start" } },
  }));
  const carryOut = (from: number, effect: Effect): void => {
    const give = (event: Event) => queue.push({ to: from, event });
    if (effect.type === "send")
      for (const to of effect.to)
        queue.push({ to, event: { type: "message", from, message: effect.message } });
    else if (effect.type === "sign") {
      const { kind, bytes, height } = effect.request;
      const signer = kind === SIGN_KIND.PROPOSAL ? ed25519 : schemeAt((height - 1n) / 10n);
      give({ type: "signed", id: effect.id, signature: signer.sign(secretOf(from), bytes) });
    } else if (effect.type === "verify")
      give({ type: "verified", id: effect.id, invalid: runCheck(effect.check, verifyContext) });
    else if (effect.type === "prepare") {
      const appBlock = new TextEncoder().encode(`block ${effect.height}`);
      const block = { appBlockId: hash(appBlock), appBlock };
      give({ ...effect, type: "prepared", ...block, ...nextOf(effect.height) });
    } else if (effect.type === "validate")
      give({ ...effect, type: "validated", isAccepted: true, ...nextOf(effect.height) });
    else if (effect.type === "commit") {
      const { height, proof } = effect.decision;
      schemes[from]?.push(proof.certificate.scheme);
      give({ type: "committed", height, nextValidators: nextOf(height).nextValidators });
    } else if (effect.type === "set-timer" && effect.key === "interval") give({ type: "ready" });
  };
  for (let at = 0; at < queue.length && cores.some(({ height }) => height < 12n); at++) {
    const next = queue[at];
    if (next === undefined) break;
    for (const effect of cores[next.to]?.step(next.event) ?? []) carryOut(next.to, effect);
  }
  // The first block of the new epoch holds the proof of the last one, by the old keys.
  for (const own of schemes) expect(own.slice(0, 11)).toEqual([...Array(10).fill(1), 2]);
  expect(cores.map(({ context }) => context.scheme.id)).toEqual([2, 2, 2, 2]);
});
