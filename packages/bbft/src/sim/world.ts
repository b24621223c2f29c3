/** Keys, sets and contexts that all simulated validators share. */
import { empty, keyOf, u32 } from "../bytes.ts";
import { createEpochContext, type EpochContext } from "../core/epoch-context.ts";
import type { EpochOutcome } from "../core/epoch-outcome.ts";
import { distancesFromReports } from "../core/latency-report.ts";
import type { VerifyContext } from "../core/verify.ts";
import type { Parameters } from "../parameters.ts";
import { createEd25519 } from "../scheme/ed25519.ts";
import { createFakeScheme } from "../scheme/fake.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { hash } from "../signing.ts";
import { chooseM, predictCandidates } from "../topology/adaptive-m.ts";
import { groupValidators } from "../topology/k-medoid.ts";
import { type Distances, distanceOf, normalizeLatency } from "../topology/latency.ts";
import { standardTopology } from "../topology/provider.ts";
import { spanningTreeTopology } from "../topology/spanning-tree.ts";
import { fullTopology, starTopology, type Topology } from "../topology/topology.ts";
import { createElectorate, type ValidatorSet } from "../validator-set.ts";

export interface World {
  readonly chainId: Uint8Array;
  readonly genesisId: Uint8Array;
  readonly context: EpochContext;
  readonly identity: SignatureScheme;
  readonly voteSecrets: readonly Uint8Array[];
  readonly idSecrets: readonly Uint8Array[];
  readonly idKeys: readonly Uint8Array[];
  readonly verifyContext: VerifyContext;
  /** The validators of an epoch: the first few of all, in their order. */
  setOf(epoch: bigint): ValidatorSet;
  /** The context of an epoch, as everybody works it out from the blocks of the one before. */
  createContext(set: ValidatorSet, previous: EpochContext, outcome: EpochOutcome): EpochContext;
}

/** The forest that the parameters ask for. */
export function chooseTopology(
  parameters: Parameters,
  distances: Distances,
  stake: readonly bigint[],
): Topology {
  const { m, fanout, topologyMode, directMax } = parameters;
  const n = stake.length;
  if (topologyMode === 2) return starTopology(n);
  if (topologyMode === 3) return fullTopology(n);
  const excluded = new Set<number>();
  if (topologyMode === 1) return spanningTreeTopology(distances, Math.max(1, m), 0);
  if (m > 0) return groupValidators({ distances, stake, excluded, m, fanout }).topology;
  return chooseM(predictCandidates({ distances, stake, excluded, fanout, directMax })).topology;
}

export function createWorld(input: {
  readonly n: number;
  readonly scheme: SignatureScheme;
  readonly parameters: Parameters;
  readonly distances: Distances;
  readonly topology?: Topology | undefined;
  readonly powers?: readonly bigint[] | undefined;
  /** Time to send a block to one child, milliseconds. */
  readonly blockMs?: number | undefined;
  /** How many of the validators are in the set of an epoch; all when left out. */
  readonly members?: ((epoch: bigint) => number) | undefined;
}): World {
  const { n, scheme, parameters, distances, members } = input;
  // Identity signatures are real only where the votes are.
  const identity = scheme.id === 255 ? paddedFake() : createEd25519();
  const secret = (kind: number, index: number): Uint8Array => {
    const bytes = hash(Uint8Array.from([kind, ...u32(index)]));
    bytes[0] = (bytes[0] ?? 0) & 0x3f;
    return bytes;
  };
  const indexes = Array.from({ length: n }, (_, i) => i);
  const voteSecrets = indexes.map((index) => secret(1, index));
  const idSecrets = indexes.map((index) => secret(2, index));
  const idKeys = idSecrets.map((one) => identity.publicKey(one));
  const validators = indexes.map((index) => ({
    power: input.powers?.[index] ?? 1n,
    stake: 1n,
    voteKey: scheme.publicKey(voteSecrets[index] ?? new Uint8Array(32)),
    idKey: idKeys[index] ?? new Uint8Array(32),
  }));
  const setOf = (epoch: bigint): ValidatorSet => ({
    epoch,
    scheme: scheme.id,
    validators: validators.slice(0, members?.(epoch)),
  });
  const electorate = createElectorate(setOf(0n));
  const stake = setOf(0n).validators.map(() => 1n);
  const known = restricted(distances, stake.length);
  const topology = input.topology ?? chooseTopology(parameters, known, stake);
  const { blockMs } = input;
  const context = createEpochContext({
    electorate,
    scheme,
    topology,
    parameters,
    distances: known,
    blockMs,
  });
  const chainId = hash(Uint8Array.of(0));
  return {
    chainId,
    genesisId: hash(Uint8Array.of(9)),
    context,
    identity,
    voteSecrets,
    idSecrets,
    idKeys,
    verifyContext: {
      chainId,
      identity,
      electorateOf: (epoch) => ({
        electorate:
          members === undefined
            ? { ...electorate, set: { ...electorate.set, epoch } }
            : createElectorate(setOf(epoch)),
        scheme,
      }),
    },
    setOf,
    createContext(set, previous, outcome) {
      const { latencyReports, parameters: decided } = outcome;
      const size = set.validators.length;
      const measured =
        latencyReports.length === 0
          ? restricted(distances, size)
          : distancesFromReports(set, latencyReports);
      const exiled = outcome.excluded.map(keyOf);
      const excluded = new Set(
        [...set.validators.keys()].filter((at) => exiled.includes(keyOf(idKeys[at] ?? empty()))),
      );
      const currentM = previous.topology.gateways.length;
      const chosen = { set, distances: measured, parameters: decided, currentM, excluded };
      return createEpochContext({
        electorate: createElectorate(set),
        scheme,
        topology:
          input.topology?.n === size && excluded.size === 0
            ? input.topology
            : standardTopology(chosen),
        parameters: decided,
        distances: measured,
        blockMs,
      });
    },
  };
}

/** The distances between the first few. */
function restricted(distances: Distances, n: number): Distances {
  if (n === distances.n) return distances;
  return normalizeLatency(n, (reporter, target) => distanceOf(distances, reporter, target));
}

/** The simulation scheme with signatures as long as ed25519's, which proposals carry. */
function paddedFake(): SignatureScheme {
  const fake = createFakeScheme();
  return {
    ...fake,
    publicKey(secret) {
      const out = new Uint8Array(32);
      out.set(fake.publicKey(secret));
      return out;
    },
    sign(secret, message) {
      const out = new Uint8Array(64);
      out.set(fake.sign(secret, message));
      return out;
    },
    verify: (key, message, signature) =>
      fake.verify(key.subarray(0, fake.publicKeyLength), message, signature.subarray(0, 8)),
  };
}
