import { mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  beginLog,
  createMemoryWal,
  decodeEnvelope,
  encodeWalRecord,
  MESSAGE_TYPE,
  type WalEntry,
} from "../src/index.ts";
import { openFileWal } from "../src/node/index.ts";
import { createTestNetwork, parameters } from "./host-helpers.ts";

const EPOCH_LENGTH = 10;
/** Messages that hold an own signature; all begin with type, epoch and height. */
const SIGNED: readonly number[] = [
  MESSAGE_TYPE.proposal,
  MESSAGE_TYPE.prepare,
  MESSAGE_TYPE.commit,
  MESSAGE_TYPE.timeout,
];

/** Heights at which validator 3 signed while it was watched. */
function watched() {
  const signedAt: bigint[] = [];
  let isWatched = false;
  const network = createTestNetwork({
    parameters: { ...parameters, epochLength: EPOCH_LENGTH },
    onSend(index, envelope) {
      const { message } = decodeEnvelope(envelope);
      if (!isWatched || index !== 3 || !SIGNED.includes(message[0] ?? 0)) return;
      signedAt.push(new DataView(message.buffer, message.byteOffset).getBigUint64(9));
    },
  });
  const watch = (): void => {
    isWatched = true;
    signedAt.length = 0;
  };
  return { network, signedAt, watch };
}

/** @see spec 90-bbft, section 15, item 4 */
describe("without its log a validator", () => {
  it("follows in silence until the next epoch, then signs again", async () => {
    const { network, signedAt, watch } = watched();
    const { clock, heightOf, start, stop, loseLog } = network;
    await Promise.all([0, 1, 2, 3].map((index) => start(index)));
    await clock.until(() => heightOf(3) >= 3);
    await stop(3);
    loseLog(3);
    watch();
    await start(3, { hasLostLog: true });

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

    // Its log is complete again: the next start is an ordinary one.
    await stop(3);
    watch();
    await start(3);
    await clock.until(() => heightOf(3) >= before + 5);
    expect(signedAt.length).toBeGreaterThan(0);
  });

  it("stays silent over a restart, although the log is not empty any more", async () => {
    const { network, signedAt, watch } = watched();
    const { clock, heightOf, start, stop, loseLog } = network;
    await Promise.all([0, 1, 2, 3].map((index) => start(index)));
    await clock.until(() => heightOf(3) >= 2);
    await stop(3);
    loseLog(3);
    watch();
    for (const height of [4, 6, 8]) {
      // It is said once.
      await start(3, { hasLostLog: height === 4 });
      await clock.until(() => heightOf(3) >= height);
      await stop(3);
    }
    expect(signedAt).toEqual([]);
  });

  it("and without its blocks waits for an epoch of its fellows, not for one that is over", async () => {
    const { network, signedAt, watch } = watched();
    const { clock, applications, heightOf, start, stop, loseLog } = network;
    await Promise.all([0, 1, 2, 3].map((index) => start(index)));
    await clock.until(() => heightOf(3) >= 3 * EPOCH_LENGTH + 2);
    await stop(3);
    loseLog(3);
    const [wiped, intact] = [applications[3], applications[0]];
    if (wiped === undefined || intact === undefined) throw new Error("four are expected");
    wiped.decisions.length = 0;
    wiped.synchronize = async function* (from) {
      yield* intact.decisions.slice(Number(from) - 1);
    };
    watch();
    await start(3, { hasLostLog: true });
    await clock.until(() => signedAt.length > 0);
    expect(Math.min(...signedAt.map(Number))).toBeGreaterThan(4 * EPOCH_LENGTH);
  });

  it("is no part of a quorum", async () => {
    const { network } = watched();
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
});

describe("with a log", () => {
  it("that is empty a node does not start unless its owner says why", async () => {
    const { network } = watched();
    network.loseLog(3);
    await expect(network.start(3)).rejects.toThrow("beginLog");
  });

  it("that is distrusted by its owner a validator is silent too", async () => {
    const { network, signedAt, watch } = watched();
    const { clock, heightOf, start, stop } = network;
    await Promise.all([0, 1, 2, 3].map((index) => start(index)));
    await clock.until(() => heightOf(3) >= 3);
    await stop(3);
    watch();
    await start(3, { hasLostLog: true });
    await clock.until(() => heightOf(3) >= EPOCH_LENGTH - 1);
    expect(signedAt).toEqual([]);
  });

  it("that was truncated since, a validator signs at once", async () => {
    const { network, signedAt, watch } = watched();
    const { clock, heightOf, start, stop } = network;
    await Promise.all([0, 1, 2, 3].map((index) => start(index)));
    // Truncated every 16 heights.
    await clock.until(() => heightOf(3) >= 41);
    await stop(3);
    watch();
    await start(3);
    await clock.until(() => heightOf(3) >= 45);
    expect(signedAt.some((height) => height < 50n)).toBe(true);
  });

  it("can be begun only when it is empty", async () => {
    const wal = createMemoryWal([]);
    await beginLog(wal);
    await expect(beginLog(wal)).rejects.toMatchObject({ code: "wal" });
  });
});

describe("a log in a file", () => {
  const complete = encodeWalRecord({ type: "complete" });
  const entry = (payload: number) => ({ type: 1, payload: new Uint8Array(40).fill(payload) });
  async function written(): Promise<{ path: string; offsets: number[] }> {
    const path = join(mkdtempSync(join(tmpdir(), "bbft-log-")), "wal.bin");
    const wal = await openFileWal(path);
    await beginLog(wal);
    const offsets: number[] = [];
    for (const one of [1, 2, 3]) {
      offsets.push(statSync(path).size);
      await wal.append(entry(one), true);
    }
    await wal.close();
    return { path, offsets };
  }
  async function reopened(path: string): Promise<WalEntry[]> {
    const wal = await openFileWal(path);
    const entries: WalEntry[] = [];
    for await (const one of wal.replay()) entries.push(one);
    await wal.close();
    return entries;
  }
  function flip(path: string, at: number): void {
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  }

  it("whose last record is torn is complete without it: nothing was sent that it knew", async () => {
    const { path, offsets } = await written();
    truncateSync(path, (offsets[2] ?? 0) + 20);
    expect(await reopened(path)).toEqual([complete, entry(1), entry(2)]);
    const whole = await written();
    flip(whole.path, (whole.offsets[2] ?? 0) + 30);
    expect(await reopened(whole.path)).toEqual([complete, entry(1), entry(2)]);
  });

  it("that is damaged before sound records is lost, from then on", async () => {
    for (const at of [0, 3, 4, 7, 20]) {
      const { path, offsets } = await written();
      flip(path, (offsets[1] ?? 0) + at);
      for (let start = 0; start < 2; start++) expect(await reopened(path)).toEqual([entry(1)]);
    }
  });
});
