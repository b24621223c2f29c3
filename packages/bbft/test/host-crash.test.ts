/** A crash between any two writes. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect, it } from "vitest";
import {
  type BbftNode,
  createMemoryHub,
  createMemoryWal,
  createTopology,
  type Decision,
  decodeEnvelope,
  hash,
  MESSAGE_TYPE,
  type MemoryHub,
  type Transport,
  type Wal,
  type WalEntry,
} from "../src/index.ts";
import { chainId } from "./helpers.ts";
import {
  createNode,
  createTestApplication,
  createTestNetwork,
  keys,
  parameters,
  type TestApplication,
} from "./host-helpers.ts";

const EPOCH_LENGTH = 10;
/** It leads the first heights of each term. */
const VALIDATOR = 0;
const ALONE_MS = parameters.viewTimeoutMs + 100;
const PLACE = 1 + 8 + 8 + 4;

/** What a validator signed for a place in the protocol; undefined for messages without its signature. */
function signedIn(envelope: Uint8Array): { place: string; content: string } | undefined {
  const { message } = decodeEnvelope(envelope);
  const [type = 0] = message;
  if (type < MESSAGE_TYPE.proposal || type > MESSAGE_TYPE.timeout) return undefined;
  // What a timeout carries behind its claim is not signed.
  const end = type === MESSAGE_TYPE.timeout ? PLACE + 4 : message.length;
  const content = bytesToHex(message.subarray(PLACE, end));
  return { place: bytesToHex(message.subarray(0, PLACE)), content };
}

/** Each process makes other blocks: who proposes twice is found out. */
function makeOwnBlocks(application: TestApplication, run: number): TestApplication {
  return Object.assign(application, {
    async prepare({ height }: { height: bigint }) {
      const bytes = new TextEncoder().encode(`block ${height} of ${run}`);
      return { id: hash(bytes), bytes };
    },
    validate: async ({ height }: { height: bigint }, { bytes }: { bytes: Uint8Array }) => ({
      isAccepted: new TextDecoder().decode(bytes).startsWith(`block ${height} `),
    }),
  });
}

/** What is left after a crash, and what others may have seen before. */
interface Moment {
  readonly durable: readonly WalEntry[];
  readonly decisions: readonly Decision[];
  readonly sent: ReadonlyMap<string, string>;
}

it("comes back from a crash at any moment, and contradicts nothing that it sent before", async () => {
  const network = createTestNetwork({ parameters: { ...parameters, epochLength: EPOCH_LENGTH } });
  const { clock, heightOf } = network;
  network.applications.forEach(makeOwnBlocks);
  await Promise.all([1, 2, 3].map((index) => network.start(index)));
  let runs = keys.length;

  async function run(
    hub: MemoryHub,
    log: Wal,
    application: TestApplication,
    onSigned: (place: string, content: string) => void,
  ): Promise<{ node: BbftNode; transport: Transport; errors: unknown[] }> {
    const connected = hub.connect(keys[VALIDATOR] ?? chainId);
    const transport: Transport = {
      ...connected,
      send(to, bytes, messageClass) {
        const signed = signedIn(bytes);
        if (signed !== undefined) onSigned(signed.place, signed.content);
        connected.send(to, bytes, messageClass);
      },
    };
    Object.assign(makeOwnBlocks(application, runs++), {
      async *synchronize(from: bigint) {
        for (let height = Number(from); height <= heightOf(1); height++)
          yield network.applications[1]?.decisions[height - 1];
      },
    });
    const errors: unknown[] = [];
    const node = createNode(
      VALIDATOR,
      {
        ...{ application, transport, clock, wal: log, topology: createTopology([-1, -1, 0, 0]) },
        parameters: { ...parameters, epochLength: EPOCH_LENGTH },
      },
      { onFatal: (error) => errors.push(error) },
    );
    await node.start();
    return { node, transport, errors };
  }

  const moments: Moment[] = [];
  const sent = new Map<string, string>();
  const application = createTestApplication();
  const { commit } = application;
  let all: WalEntry[] = [];
  for await (const entry of createMemoryWal().replay()) all.push(entry);
  let durable = [...all];
  const capture = (): void => {
    const decisions = [...application.decisions];
    moments.push({ durable, decisions, sent: new Map(sent) });
  };
  const log: Wal = {
    async append(entry, sync) {
      all.push(entry);
      if (!sync) return;
      capture();
      durable = [...all];
    },
    async *replay() {
      yield* [...all];
    },
    async truncate(entries) {
      capture();
      all = [...entries];
      durable = [...all];
    },
    async close() {},
  };
  application.commit = (...decided) => {
    capture();
    return commit(...decided);
  };
  const first = await run(network.hub, log, application, (place, content) =>
    sent.set(place, content),
  );
  await clock.until(() => application.decisions.length >= EPOCH_LENGTH + 2);
  await first.transport.close();
  await first.node.stop();
  expect(moments.length).toBeGreaterThan(40);

  for (const { durable: entries, decisions, sent: before } of moments) {
    const contradictions: string[] = [];
    const restart = async (hub: MemoryHub) => {
      const again = createTestApplication();
      again.decisions.push(...decisions);
      const started = await run(hub, createMemoryWal(entries), again, (place, content) => {
        if ((before.get(place) ?? content) !== content) contradictions.push(place);
      });
      return { again, ...started };
    };
    const stop = async ({ node, transport }: Awaited<ReturnType<typeof restart>>) => {
      await transport.close();
      await node.stop();
    };
    // Alone it is still where it was, says again what it said, and gives its view up.
    const alone = await restart(createMemoryHub());
    await clock.sleep(ALONE_MS);
    await stop(alone);
    const among = await restart(network.hub);
    const { again, errors } = among;
    await clock.until(() => errors.length > 0 || again.decisions.length >= heightOf(1));
    await stop(among);
    expect([alone.errors, errors, contradictions]).toEqual([[], [], []]);
  }
});
