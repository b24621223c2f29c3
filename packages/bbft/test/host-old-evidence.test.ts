import { expect, it } from "vitest";
import {
  type Application,
  decodeEngineData,
  ENGINE_ITEM,
  EVIDENCE_TYPE,
  encodeEnvelope,
  encodeEvidence,
  encodeMessage,
  hash,
  type Offense,
  offenseId,
  type Vote,
  valueIdOf,
  voteBytes,
} from "../src/index.ts";
import { connectApplication, serveApplication } from "../src/node/index.ts";
import { certificateBy, chainId, secretOf } from "./helpers.ts";
import {
  createContext,
  createTestApplication,
  createTestNetwork,
  keys,
  parameters,
  scheme,
  type TestApplication,
  validators,
} from "./host-helpers.ts";

const EPOCH_LENGTH = 10;

/** Proof that validator 3 voted for two values in height 1. */
function proofAgainst(values: readonly [number, number]): Uint8Array {
  const [first, second] = values.map((one): { type: "vote"; vote: Vote } => {
    const place = { epoch: 0n, height: 1n, view: 0 };
    const [kind, valueId] = [1 as const, hash(Uint8Array.of(one))];
    const signature = scheme.sign(secretOf(3), voteBytes(kind, chainId, place, valueId));
    return { type: "vote", vote: { ...place, kind, valueId, signer: 3, signature } };
  });
  if (first === undefined || second === undefined) throw new RangeError("two values are needed");
  return encodeEvidence({ type: EVIDENCE_TYPE.DUP_VOTE, validator: 3, first, second });
}

/** Lets an application remember the offenses in its blocks, as one with a state would. */
function remember(application: TestApplication): Offense[] {
  const known: Offense[] = [];
  const { commit } = application;
  Object.assign(application, {
    hasOffense: async (id: Uint8Array) =>
      known.some((offense) => Buffer.compare(offenseId(offense), id) === 0),
    commit: (...[decision, offenses]: Parameters<TestApplication["commit"]>) => {
      known.push(...offenses);
      return commit(decision, offenses);
    },
  });
  return known;
}

const evidenceIn = ({ decisions }: TestApplication): bigint[] =>
  decisions.flatMap(({ height, body }) =>
    decodeEngineData(body.engineData, height, EPOCH_LENGTH)
      .filter(({ type }) => type === ENGINE_ITEM.EVIDENCE)
      .map(() => height),
  );

/** @see spec 90-bbft, section 10.4 "Evidence" */
it.each([true, false])(
  "evidence of three epochs ago, brought twice, with applications that remember: %s",
  async (doesRemember) => {
    const network = createTestNetwork({
      parameters: { ...parameters, epochLength: EPOCH_LENGTH },
    });
    const { clock, hub, applications, heightOf, start } = network;
    const known = applications.slice(0, 3).map((one) => (doesRemember ? remember(one) : []));
    // The fourth is the offender: three others are a quorum.
    await Promise.all([0, 1, 2].map((index) => start(index)));
    await clock.until(() => heightOf(0) > 3 * EPOCH_LENGTH);
    const offender = hub.connect(keys[3] ?? chainId);
    let seq = 0n;
    const bring = async (evidence: Uint8Array): Promise<void> => {
      for (const [receiver, key] of keys.entries()) {
        const message = encodeMessage({ type: "evidence", evidence });
        const head = { sender: 3, receiver, seq: ++seq };
        const envelope = encodeEnvelope({ ...head, message, signature: new Uint8Array(64) });
        offender.send(key, envelope, "repair");
      }
      const before = heightOf(0);
      await clock.until(() => heightOf(0) >= before + 5);
    };
    await bring(proofAgainst([1, 2]));
    const offense = {
      ...{ type: EVIDENCE_TYPE.DUP_VOTE, validator: 3, kind: 1 },
      ...{ epoch: 0n, height: 1n, view: 0 },
    };
    const told = doesRemember ? [offense] : [];
    expect(known).toEqual([told, told, told]);
    // Other votes prove the same offense: it is not punished again, nor after two more epochs.
    await bring(proofAgainst([1, 3]));
    await clock.until(() => heightOf(0) > 6 * EPOCH_LENGTH);
    await bring(proofAgainst([2, 3]));
    expect(applications.slice(0, 3).map((one) => evidenceIn(one).length)).toEqual(
      doesRemember ? [1, 1, 1] : [0, 0, 0],
    );
    expect(known).toEqual([told, told, told]);
  },
);

it("an application of another process is told of offenses, and asked about them", async () => {
  const contextOf = (epoch: bigint) => createContext({ ...validators, epoch });
  const serve = (application: Application) => serveApplication(application, { port: 0, contextOf });
  const connect = ({ port }: { readonly port: number }) =>
    connectApplication({ port, contextOf, identify: hash });
  const application = createTestApplication();
  const known = remember(application);
  const server = await serve(application);
  const remote = await connect(server);
  const offense: Offense = {
    ...{ type: EVIDENCE_TYPE.LOCK_VIOLATION, validator: 3, kind: 2 },
    ...{ epoch: 1n << 60n, height: 1n << 61n, view: 7 },
  };
  const body = { appBlockId: chainId, appBlock: chainId, engineData: new Uint8Array(0) };
  const engineHash = hash(body.engineData);
  const valueId = valueIdOf(chainId, engineHash);
  const certificate = { ...certificateBy(scheme, 4, [0, 1, 2]), valueId };
  const proof = { certificate, appBlockId: chainId, engineHash };
  expect(await remote.hasOffense?.(offenseId(offense))).toBe(false);
  await remote.commit({ height: 1n, view: 1, proof, body }, [offense]);
  expect(known).toEqual([offense]);
  expect(await remote.hasOffense?.(offenseId(offense))).toBe(true);
  await remote.close();
  await server.close();

  const forgetful = await serve(createTestApplication());
  const other = await connect(forgetful);
  expect(other.hasOffense).toBeUndefined();
  await other.close();
  await forgetful.close();
});
