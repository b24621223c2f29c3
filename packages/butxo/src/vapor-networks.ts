/**
 * The side-chain networks.
 *
 * @see spec 80-vapor, section 1 "Networks and constants"
 */
import { vapor } from "./dialect.ts";
import { defineNetwork, type VaporNetwork } from "./network.ts";

/** What all side-chain networks have in common. */
const COMMON = {
  type: "vapor",
  dialect: vapor,
  vmGasRate: 200n,
  storageGasRate: 1n,
  maxBlockGas: 10_000_000n,
  defaultGasCredit: 160_000n,
  maxCoinbaseArbitrary: 128,
  checkpoints: [],
  maxConsensusNodes: 10,
  blocksPerNode: 12n,
  blocksPerRound: 1_200n,
  minConsensusNodeVotes: 100_000_000_000_000n,
  minVoteOutput: 100_000_000n,
  blockIntervalMs: 500n,
  maxTimeOffsetMs: 2_000n,
  crossInForkHeight: 128_957_600n,
  movFeeForkHeight: 78_968_400n,
  // Of the federation that the reference comes with: four keys, two of which sign.
  federationProgram: "0020f86826d640810eb08a2bfb706e0092273e05e9a7d3d71f9d53f4f6cc2e3d6c6a",
} as const;

/** The main network. */
export const vaporMainnet: VaporNetwork = /* @__PURE__ */ defineNetwork(COMMON, {
  chainId: "mainnet",
  name: "main",
  addressPrefix: "vp",
  mainchainAddressPrefix: "bm",
  historicMainchainAddressPrefix: "bn",
  defaultPort: 56656,
  listenPort: 56656,
  dnsSeeds: ["www.mainnetseed.vapor.io"],
  genesisTimestamp: 1_563_344_560_002n,
  maxTransactionGas: 640_000n,
  coinbaseMaturity: 7_200n,
  voteLock: 3_456_000n,
  subsidies: [
    { from: 1n, to: 63_072_000n, subsidy: 9_512_938n },
    { from: 63_072_001n, to: 126_144_000n, subsidy: 9_512_938n },
  ],
  softFork001Height: 10_461_600n,
  movStartHeight: 42_884_800n,
  movRewards: [
    { from: 1n, to: 126_144_000n, program: "00141d00f85e220e35a23282cfc7f91fe7b34bf6dc18" },
  ],
});

/** The test network. */
export const vaporTestnet: VaporNetwork = /* @__PURE__ */ defineNetwork(COMMON, {
  chainId: "testnet",
  name: "test",
  addressPrefix: "tp",
  mainchainAddressPrefix: "tm",
  historicMainchainAddressPrefix: "tn",
  defaultPort: 56657,
  listenPort: 56657,
  dnsSeeds: ["www.testnetseed.vapor.io"],
  genesisTimestamp: 1_563_344_560_001n,
  maxTransactionGas: 640_000n,
  coinbaseMaturity: 7_200n,
  voteLock: 3_456_000n,
  subsidies: [{ from: 1n, to: 63_072_000n, subsidy: 15_000_000n }],
  softFork001Height: 0n,
  movStartHeight: 0n,
  movRewards: [],
});

/** A network of one, for development. */
export const vaporSolonet: VaporNetwork = /* @__PURE__ */ defineNetwork(COMMON, {
  chainId: "solonet",
  name: "solo",
  addressPrefix: "sp",
  mainchainAddressPrefix: "sm",
  historicMainchainAddressPrefix: "sn",
  defaultPort: 56658,
  listenPort: 56658,
  dnsSeeds: [],
  genesisTimestamp: 1_563_344_560_000n,
  maxTransactionGas: 200_000n,
  coinbaseMaturity: 1_200n,
  voteLock: 10_000n,
  subsidies: [
    { from: 0n, to: 0n, subsidy: 24n },
    { from: 1n, to: 840_000n, subsidy: 24n },
    { from: 840_001n, to: 1_680_000n, subsidy: 12n },
    { from: 1_680_001n, to: 3_360_000n, subsidy: 6n },
  ],
  softFork001Height: 0n,
  movStartHeight: 0n,
  movRewards: [],
});
