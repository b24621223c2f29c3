/** Validators in one process: keys, an application, and time that a test turns by hand. */
import {
  type Application,
  type ApplicationState,
  BbftNode,
  type Clock,
  createElectorate,
  createEpochContext,
  createLocalSigner,
  createMemoryHub,
  createMemoryWal,
  createTopology,
  DEFAULT_PARAMETERS,
  type Decision,
  fullTopology,
  hash,
  type MemoryHub,
  type NodeEvents,
  type Parameters,
  type Topology,
  type Transport,
  type ValidatorSet,
  type Wal,
  type WalEntry,
} from "../src/index.ts";
import { createNodeEd25519 } from "../src/node/index.ts";
import { chainId, secretOf } from "./helpers.ts";

export const scheme = createNodeEd25519();
export const keys: Uint8Array[] = [0, 1, 2, 3].map((index) => scheme.publicKey(secretOf(index)));
export const validators: ValidatorSet = {
  epoch: 0n,
  scheme: scheme.id,
  validators: keys.map((key) => ({ power: 1n, stake: 1n, voteKey: key, idKey: key })),
};
export const parameters: Parameters = {
  ...DEFAULT_PARAMETERS,
  scheme: 1,
  blockIntervalMs: 10,
  viewTimeoutMs: 500,
};

export const createContext = (
  set: ValidatorSet,
  topology: Topology = fullTopology(4),
  chosen: Parameters = parameters,
) =>
  createEpochContext({
    electorate: createElectorate(set),
    scheme,
    topology,
    parameters: chosen,
  });

export interface TestApplication extends Application {
  readonly decisions: Decision[];
}

/** Blocks are their height as text. */
export function createTestApplication(): TestApplication {
  const decisions: Decision[] = [];
  return {
    decisions,
    identify: (bytes) => hash(bytes),
    async state(): Promise<ApplicationState> {
      const last = decisions.at(-1);
      return last === undefined
        ? { height: 0n, appBlockId: chainId, proof: undefined }
        : { height: last.height, appBlockId: last.body.appBlockId, proof: last.proof };
    },
    validators: async (epoch) => ({ ...validators, epoch }),
    async prepare({ height }) {
      const bytes = new TextEncoder().encode(`block ${height}`);
      return { id: hash(bytes), bytes };
    },
    validate: async ({ height }, { bytes }) => ({
      isAccepted: new TextDecoder().decode(bytes) === `block ${height}`,
    }),
    async commit(decision) {
      if (decision.height === BigInt(decisions.length + 1)) decisions.push(decision);
      return {};
    },
    load: async (height) => decisions[Number(height) - 1],
    onEvidence() {},
  };
}

export function createNode(
  index: number,
  input: {
    readonly application: Application;
    readonly transport: Transport;
    readonly clock: Clock;
    readonly wal: Wal;
    readonly topology?: Topology | undefined;
    readonly parameters?: Parameters | undefined;
    readonly hasLostLog?: boolean | undefined;
  },
  events: NodeEvents = {},
): BbftNode {
  const [idKey = chainId, secret] = [keys[index], secretOf(index)];
  const chosen = input.parameters ?? parameters;
  return new BbftNode(
    {
      chainId,
      idKey,
      epochLength: chosen.epochLength,
      identity: scheme,
      createContext: (set) => createContext(set, input.topology, chosen),
      hasLostLog: input.hasLostLog,
    },
    {
      application: input.application,
      transport: input.transport,
      clock: input.clock,
      wal: input.wal,
      createSigner: (last) =>
        createLocalSigner({ scheme, voteSecret: secret, identity: scheme, idSecret: secret, last }),
    },
    {
      onFatal(error) {
        throw error;
      },
      ...events,
    },
  );
}

interface VirtualClock extends Clock {
  /** Lets time pass until something is so; a test that waits in vain fails after a virtual hour. */
  until(isDone: () => boolean): Promise<void>;
  sleep(ms: number): Promise<void>;
}

/** Time that passes only when everybody is idle: the same run each time, whatever the machine. */
function createVirtualClock(): VirtualClock {
  let now = 1_000_000;
  let count = 0;
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();
  const next = (): number | undefined =>
    [...timers.keys()].sort(
      (a, b) => (timers.get(a)?.at ?? 0) - (timers.get(b)?.at ?? 0) || a - b,
    )[0];
  const clock: VirtualClock = {
    now: () => now,
    setTimer(ms, callback) {
      timers.set(++count, { at: now + ms, callback });
      return count;
    },
    clear: (timer) => void timers.delete(timer as number),
    async until(isDone) {
      const end = now + 3_600_000;
      for (;;) {
        // All promises that can go on have done so before the next turn of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        if (isDone()) return;
        const id = next();
        const timer = id === undefined ? undefined : timers.get(id);
        if (id === undefined || timer === undefined || timer.at > end)
          throw new Error("waited in vain");
        timers.delete(id);
        now = timer.at;
        timer.callback();
      }
    },
    async sleep(ms) {
      let isOver = false;
      clock.setTimer(ms, () => {
        isOver = true;
      });
      await clock.until(() => isOver);
    },
  };
  return clock;
}

/** Something that a validator did, for assertions. */
interface Trace {
  readonly index: number;
  readonly height: bigint;
  readonly view: number;
  /** Virtual milliseconds since the network was made. */
  readonly atMs: number;
}

export interface TestNetwork {
  readonly clock: VirtualClock;
  readonly hub: MemoryHub;
  readonly applications: readonly TestApplication[];
  /** Views entered, in their order. */
  readonly views: readonly Trace[];
  readonly decisions: readonly Trace[];
  start(index: number, options?: { readonly hasLostLog?: boolean }): Promise<void>;
  /** Cuts the node off and forgets it; log and application stay. */
  stop(index: number): Promise<void>;
  loseLog(index: number): void;
  /** Cuts the log off before the first entry of which that is so. */
  cutLog(index: number, isFirst: (entry: WalEntry) => boolean): Promise<void>;
  heightOf(index: number): number;
}

/**
 * Four validators under two gateways, 0 with both members and 1 with none.
 *
 * @param flushMs how long the log takes to flush
 */
export function createTestNetwork(options: {
  readonly parameters?: Parameters;
  readonly flushMs?: number;
  /** Sees every envelope that a validator sends. */
  onSend?(index: number, envelope: Uint8Array): void;
}): TestNetwork {
  const clock = createVirtualClock();
  const hub = createMemoryHub();
  const applications = keys.map(() => createTestApplication());
  const logs = keys.map(() => createMemoryWal());
  const nodes: (BbftNode | undefined)[] = [];
  const transports: (Transport | undefined)[] = [];
  const views: Trace[] = [];
  const decisions: Trace[] = [];
  const startedAt = clock.now();
  const { flushMs = 0 } = options;
  const trace = (index: number, height: bigint, view: number): Trace => ({
    index,
    height,
    view,
    atMs: clock.now() - startedAt,
  });
  return {
    clock,
    hub,
    applications,
    views,
    decisions,
    async start(index, { hasLostLog } = {}) {
      const [application, log, key] = [applications[index], logs[index], keys[index]];
      if (application === undefined || log === undefined || key === undefined)
        throw new RangeError("no such validator");
      const wal: Wal = {
        ...log,
        async append(entry, sync) {
          await log.append(entry, sync);
          if (sync && flushMs > 0)
            await new Promise<void>((resolve) => clock.setTimer(flushMs, resolve));
        },
      };
      const connected = hub.connect(key);
      const transport: Transport = {
        ...connected,
        send(to, bytes, messageClass) {
          options.onSend?.(index, bytes);
          connected.send(to, bytes, messageClass);
        },
      };
      const node = createNode(
        index,
        {
          application,
          transport,
          clock,
          wal,
          topology: createTopology([-1, -1, 0, 0]),
          parameters: options.parameters,
          hasLostLog,
        },
        {
          onView: (height, view) => views.push(trace(index, height, view)),
          onDecision: ({ height, proof }) =>
            decisions.push(trace(index, height, proof.certificate.view)),
        },
      );
      nodes[index] = node;
      transports[index] = transport;
      await node.start();
    },
    async stop(index) {
      await transports[index]?.close();
      await nodes[index]?.stop();
      nodes[index] = undefined;
    },
    loseLog(index) {
      logs[index] = createMemoryWal([]);
    },
    async cutLog(index, isFirst) {
      const kept = createMemoryWal([]);
      for await (const entry of logs[index]?.replay() ?? []) {
        if (isFirst(entry)) break;
        await kept.append(entry, true);
      }
      logs[index] = kept;
    },
    heightOf: (index) => applications[index]?.decisions.length ?? 0,
  };
}
