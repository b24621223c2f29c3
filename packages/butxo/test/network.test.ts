import { describe, expect, it } from "vitest";
import genesisVectors from "../../../vectors/ledger/genesis.json" with { type: "json" };
import sideChains from "../../../vectors/vapor/networks.json" with { type: "json" };
import {
  blockHash,
  blockSubsidy,
  bytomMainnet,
  bytomSolonet,
  bytomWisdom,
  formatBlock,
  genesisBlock,
  initialSeed,
  medianTime,
  nextCheckpoint,
  nextSeed,
  toHex,
  vaporMainnet,
  vaporSolonet,
  vaporTestnet,
} from "../src/index.ts";

describe("genesis blocks", () => {
  it.each([
    [bytomMainnet, genesisVectors.mainnet.block],
    [bytomWisdom, genesisVectors.wisdom.block],
    [bytomSolonet, genesisVectors.solonet.block],
    [vaporMainnet, sideChains[0]?.genesis_block_hex],
    [vaporTestnet, sideChains[1]?.genesis_block_hex],
    [vaporSolonet, sideChains[2]?.genesis_block_hex],
  ])("of $type $chainId", (network, expected) => {
    expect(formatBlock(genesisBlock(network))).toBe(expected);
  });

  it("of a side chain names its federation", () => {
    const own = genesisBlock({ ...vaporMainnet, federationProgram: `0020${"11".repeat(32)}` });
    expect(toHex(blockHash(own.header))).not.toBe(sideChains[0]?.genesis_hash);
  });

  it("of the main chain's test and solo networks are the same", () => {
    const [test, solo] = [bytomWisdom, bytomSolonet].map((n) => blockHash(genesisBlock(n).header));
    expect(test).toEqual(solo);
  });
});

describe("networks", () => {
  it.each([bytomMainnet, bytomWisdom, bytomSolonet, vaporMainnet, vaporTestnet, vaporSolonet])(
    "$type $chainId cannot be changed",
    (network) => {
      expect(Object.isFrozen(network)).toBe(true);
      expect(Object.isFrozen(network.checkpoints)).toBe(true);
      expect(Object.isFrozen(network.dnsSeeds)).toBe(true);
    },
  );

  it("the next checkpoint is strictly above", () => {
    expect(nextCheckpoint(bytomMainnet, 0n)?.height).toBe(10_000n);
    expect(nextCheckpoint(bytomMainnet, 10_000n)?.height).toBe(20_000n);
    expect(nextCheckpoint(bytomMainnet, 570_000n)).toBeUndefined();
    expect(nextCheckpoint(bytomSolonet, 0n)).toBeUndefined();
  });
});

describe("subsidies", () => {
  it("halve until nothing is left", () => {
    expect(blockSubsidy(bytomMainnet, 839_999n)).toBe(41_250_000_000n);
    expect(blockSubsidy(bytomMainnet, 840_000n)).toBe(20_625_000_000n);
    expect(blockSubsidy(bytomMainnet, 36n * 840_000n - 1n)).toBe(1n);
    expect(blockSubsidy(bytomMainnet, 36n * 840_000n)).toBe(0n);
    expect(blockSubsidy(bytomMainnet, 2n ** 64n - 1n)).toBe(0n);
  });

  it("of the side chain come from a table", () => {
    expect(blockSubsidy(vaporMainnet, 0n)).toBe(0n);
    expect(blockSubsidy(vaporSolonet, 840_001n)).toBe(12n);
    expect(blockSubsidy(vaporSolonet, 3_360_001n)).toBe(0n);
  });
});

describe("header rules", () => {
  it("the median is the upper one, in any order", () => {
    expect(medianTime([5n])).toBe(5n);
    expect(medianTime([9n, 1n])).toBe(9n);
    expect(medianTime([3n, 10n, 2n])).toBe(3n);
    expect(() => medianTime([])).toThrow(RangeError);
  });

  it("the seed changes with the children of every 256th block, not with genesis", () => {
    const seed = new Uint8Array(32).fill(1);
    const hash = new Uint8Array(32).fill(2);
    expect(nextSeed({ height: 0n, hash, seed })).toEqual(initialSeed());
    expect(nextSeed({ height: 255n, hash, seed })).toBe(seed);
    expect(nextSeed({ height: 256n, hash, seed })).toBe(hash);
    expect(nextSeed({ height: 257n, hash, seed })).toBe(seed);
  });
});
