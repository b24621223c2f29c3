import { expect, it } from "vitest";
import {
  BbftCore,
  createContextFactory,
  createElectorate,
  createFakeScheme,
  DEFAULT_PARAMETERS,
  type Decision,
  type Effect,
  type Event,
  hash,
  runCheck,
  SIGN_KIND,
  type ValidatorSet,
} from "../src/index.ts";
import { createNodeEd25519 } from "../src/node/ed25519.ts";
import { chainId, secretOf } from "./helpers.ts";

const identity = createNodeEd25519();
const scheme = createFakeScheme();
const keys = [0, 1, 2, 3, 4].map((member) => identity.publicKey(secretOf(member)));
const parameters = { ...DEFAULT_PARAMETERS, scheme: 255, epochLength: 10, m: 2, fanout: 0 };

const setOf = (epoch: bigint, members: readonly number[]): ValidatorSet => ({
  epoch,
  scheme: scheme.id,
  validators: members.map((member) => ({
    ...{ power: 1n, stake: 1n, idKey: keys[member] ?? chainId },
    voteKey: scheme.publicKey(secretOf(member)),
  })),
});
const members = (epoch: bigint): number[] => (epoch === 0n ? [0, 1, 2, 3] : [4, 3, 2, 1]);
const nextOf = (height: bigint): ValidatorSet | undefined =>
  height % 10n === 0n ? setOf(height / 10n, members(height / 10n)) : undefined;

it("validators leave and join at the boundary of an epoch, and nowhere else", () => {
  const createContext = createContextFactory({ scheme, parameters });
  const cores = keys.map(
    (idKey) =>
      new BbftCore({
        ...{ chainId, idKey, lastAppBlockId: chainId, identify: hash, createContext },
        context: createContext(setOf(0n, members(0n)), undefined, undefined),
      }),
  );
  const verifyContext = {
    ...{ chainId, identity },
    electorateOf: (epoch: bigint) => ({
      electorate: createElectorate(setOf(epoch, members(epoch))),
      scheme,
    }),
  };
  const decisions: Map<string, Decision>[] = keys.map(() => new Map());
  const queue: { to: number; event: Event }[] = keys.map((_, to) => ({
    to,
    event: { type: "start" },
  }));
  const carryOut = (from: number, epoch: bigint, effect: Effect): void => {
    const give = (event: Event) => queue.push({ to: from, event });
    if (effect.type === "send") {
      for (const index of effect.to) {
        const to = members(epoch)[index] ?? -1;
        const sender = members(epoch).indexOf(from);
        queue.push({ to, event: { type: "message", from: sender, message: effect.message } });
      }
    } else if (effect.type === "sign") {
      const { kind, bytes, height } = effect.request;
      // Who is not in the set of a height signs nothing in it.
      expect(members((height - 1n) / 10n)).toContain(from);
      const signer = kind === SIGN_KIND.PROPOSAL ? identity : scheme;
      give({ type: "signed", id: effect.id, signature: signer.sign(secretOf(from), bytes) });
    } else if (effect.type === "verify")
      give({ type: "verified", id: effect.id, invalid: runCheck(effect.check, verifyContext) });
    else if (effect.type === "prepare") {
      const appBlock = new TextEncoder().encode(`block ${effect.height}`);
      const nextValidators = nextOf(effect.height);
      give({ ...effect, type: "prepared", appBlockId: hash(appBlock), appBlock, nextValidators });
    } else if (effect.type === "validate")
      give({
        ...effect,
        type: "validated",
        isAccepted: true,
        nextValidators: nextOf(effect.height),
      });
    else if (effect.type === "commit") {
      const { decision } = effect;
      const { height, proof, body } = decision;
      decisions[from]?.set(String(height), decision);
      give({ type: "committed", height, nextValidators: nextOf(height) });
      // Those outside of the set get the block by the chain's own relay.
      for (const [to] of keys.entries())
        if (!members((height - 1n) / 10n).includes(to))
          queue.push({ to, event: { type: "synchronized", proof, body } });
    } else if (effect.type === "set-timer" && effect.key === "interval") give({ type: "ready" });
  };
  for (let at = 0; at < queue.length && cores.some(({ height }) => height < 25n); at++) {
    const next = queue[at];
    const core = next === undefined ? undefined : cores[next.to];
    if (next === undefined || core === undefined) continue;
    const { epoch } = core.context;
    for (const effect of core.step(next.event)) carryOut(next.to, epoch, effect);
  }
  expect(cores.map(({ height }) => height >= 25n)).toEqual([true, true, true, true, true]);
  for (let height = 1; height < 25; height++) {
    const values = decisions.map((own) => String(own.get(String(height))?.proof.appBlockId));
    expect(new Set(values).size).toBe(1);
  }
  const [leaver, joiner] = [cores[0], cores[4]];
  expect(leaver === undefined ? 0 : leaver.indexIn(leaver.context)).toBe(-1);
  expect(joiner === undefined ? -1 : joiner.indexIn(joiner.context)).toBe(0);
});
