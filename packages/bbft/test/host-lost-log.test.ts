import { expect, it } from "vitest";
import { decodeEnvelope, MESSAGE_TYPE } from "../src/index.ts";
import { createTestNetwork, parameters } from "./host-helpers.ts";

const EPOCH_LENGTH = 10;
/** Messages that hold an own signature; all begin with type, epoch and height. */
const SIGNED: readonly number[] = [
  MESSAGE_TYPE.proposal,
  MESSAGE_TYPE.prepare,
  MESSAGE_TYPE.commit,
  MESSAGE_TYPE.timeout,
];

/** @see spec 90-bbft, section 15, item 4 */
it("without its log a validator follows in silence until the next epoch, then signs again", async () => {
  const signedAt: bigint[] = [];
  let hasLostLog = false;
  const network = createTestNetwork({
    parameters: { ...parameters, epochLength: EPOCH_LENGTH },
    onSend(index, envelope) {
      const { message } = decodeEnvelope(envelope);
      if (!hasLostLog || index !== 3 || !SIGNED.includes(message[0] ?? 0)) return;
      signedAt.push(new DataView(message.buffer, message.byteOffset).getBigUint64(9));
    },
  });
  const { clock, heightOf, start, stop, loseLog } = network;
  await Promise.all([0, 1, 2, 3].map((index) => start(index)));
  await clock.until(() => heightOf(3) >= 3);
  await stop(3);
  loseLog(3);
  hasLostLog = true;
  await start(3, { hasLostLog });

  // Three others are a quorum: the silent one follows them to the end of the epoch.
  await clock.until(() => heightOf(3) >= EPOCH_LENGTH - 1);
  expect(signedAt).toEqual([]);
  await clock.until(() => heightOf(3) >= EPOCH_LENGTH + 1);
  await clock.until(() => signedAt.length > 0);
  expect(signedAt.every((height) => height > BigInt(EPOCH_LENGTH))).toBe(true);

  // From here on it is needed for every quorum, and gives it.
  await stop(2);
  const before = heightOf(0);
  await clock.until(() => heightOf(0) >= before + 3 && heightOf(3) >= before + 3);
  expect(network.applications[3]?.decisions.map(({ proof }) => proof.appBlockId)).toEqual(
    network.applications[0]?.decisions.slice(0, heightOf(3)).map(({ proof }) => proof.appBlockId),
  );
});

it("without its log a validator is no part of a quorum", async () => {
  const network = createTestNetwork({ parameters: { ...parameters, epochLength: EPOCH_LENGTH } });
  const { clock, heightOf, start, stop, loseLog } = network;
  await Promise.all([0, 1, 2, 3].map((index) => start(index)));
  await clock.until(() => heightOf(3) >= 3);
  await stop(3);
  await stop(2);
  loseLog(3);
  await start(3, { hasLostLog: true });
  const before = Math.max(heightOf(0), heightOf(1));
  await clock.sleep(60_000);
  expect([heightOf(0), heightOf(1), heightOf(3)]).toEqual([before, before, before]);
  // The one that still has its log makes the quorum.
  await start(2);
  await clock.until(() => [0, 1, 2, 3].every((index) => heightOf(index) >= before + 3));
});
