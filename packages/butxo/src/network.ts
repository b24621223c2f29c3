/**
 * What distinguishes one network from another. The values are in `bytom-networks.ts` and `vapor-networks.ts`;
 * a network of one's own is an object of the same shape.
 *
 * @see spec 10-ledger, sections 7, 8 and 9; spec 80-vapor, section 1
 */
import type { Dialect } from "./dialect.ts";

/** A block that everybody agrees on. */
export interface Checkpoint {
  readonly height: bigint;
  /** 64 hex digits. */
  readonly hash: string;
}

/** What transactions and blocks may cost, and how long new coins wait. */
export interface GasRules {
  /** Price of one gas, neu. */
  readonly vmGasRate: bigint;
  /** Gas for one byte of a transaction. */
  readonly storageGasRate: bigint;
  readonly maxTransactionGas: bigint;
  readonly maxBlockGas: bigint;
  /** Gas that a transaction may use before its fee is known to cover it. */
  readonly defaultGasCredit: bigint;
  /** Longest arbitrary data of a coinbase, bytes. */
  readonly maxCoinbaseArbitrary: number;
  /** Blocks until a coinbase output can be spent. */
  readonly coinbaseMaturity: bigint;
}

interface NetworkBase extends GasRules {
  readonly dialect: Dialect;
  /** Name in configurations and in the API. */
  readonly chainId: string;
  /** Name of the reference's parameter set. */
  readonly name: string;
  /** Human-readable part of addresses, lower case. */
  readonly addressPrefix: string;
  /** Port of peers that are named without one. */
  readonly defaultPort: number | undefined;
  /** Port that a node listens on unless it is told otherwise. */
  readonly listenPort: number;
  readonly dnsSeeds: readonly string[];
  /** In the dialect's unit. */
  readonly genesisTimestamp: bigint;
  /** Ascending. */
  readonly checkpoints: readonly Checkpoint[];
}

/** A main chain. */
export interface BytomNetwork extends NetworkBase {
  readonly type: "bytom";
  readonly genesisNonce: bigint;
  readonly genesisBits: bigint;
  /** From here on a transaction must not have an input without an id of its own ("rule AA"). */
  readonly emptyInputIdsHeight: bigint;
}

/** Neu for each block of an inclusive range of heights. */
export interface SubsidyRange {
  readonly from: bigint;
  readonly to: bigint;
  readonly subsidy: bigint;
}

/** Who gets the order book's fees in an inclusive range of heights. */
export interface RewardRange {
  readonly from: bigint;
  readonly to: bigint;
  /** Control program as hex. */
  readonly program: string;
}

/** A side chain. */
export interface VaporNetwork extends NetworkBase {
  readonly type: "vapor";
  /** Prefix under which this chain shows addresses of its main chain. */
  readonly mainchainAddressPrefix: string;
  /** The prefix that the reference shows, made for a later upgrade of the main chain. */
  readonly historicMainchainAddressPrefix: string;
  /** Control program in the genesis coinbase, as hex: names the federation. */
  readonly federationProgram: string;
  /** The first range that has a height counts; nothing outside. */
  readonly subsidies: readonly SubsidyRange[];
  /** Blocks until a vote can be taken back. */
  readonly voteLock: bigint;
  readonly maxConsensusNodes: number;
  /** Consecutive slots of a node. */
  readonly blocksPerNode: bigint;
  readonly blocksPerRound: bigint;
  /** Neu. */
  readonly minConsensusNodeVotes: bigint;
  /** Neu. */
  readonly minVoteOutput: bigint;
  readonly blockIntervalMs: bigint;
  readonly maxTimeOffsetMs: bigint;
  readonly softFork001Height: bigint;
  /** Order-book rules hold above this height. */
  readonly movStartHeight: bigint;
  readonly movRewards: readonly RewardRange[];
  readonly crossInForkHeight: bigint;
  readonly movFeeForkHeight: bigint;
}

/** Any network. */
export type Network = BytomNetwork | VaporNetwork;

/** The lowest checkpoint above a height; `undefined` after the last. */
export function nextCheckpoint(
  { checkpoints }: Pick<Network, "checkpoints">,
  bestHeight: bigint,
): Checkpoint | undefined {
  return checkpoints.find(({ height }) => height > bestHeight);
}

/** A network from what it shares with others and what is its own, frozen. @internal */
export function defineNetwork<N extends Network, C extends Partial<N>>(
  common: C,
  own: Omit<N, keyof C>,
): N {
  const network = { ...common, ...own } as unknown as N;
  for (const value of Object.values(network)) if (typeof value === "object") Object.freeze(value);
  return Object.freeze(network);
}
