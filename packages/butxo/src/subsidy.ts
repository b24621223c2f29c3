import type { Network, SubsidyRange } from "./network.ts";

const GENESIS_SUBSIDY = 140_700_041_250_000_000n;
const FIRST_SUBSIDY = 41_250_000_000n;
const HALVING_BLOCKS = 840_000n;

/**
 * New BTM of a block, neu.
 *
 * The main chain halves it every 840 000 blocks until nothing is left; a side chain has a table.
 *
 * @see spec 10-ledger, section 8.1 "Subsidy"; spec 80-vapor, section 1
 */
export function blockSubsidy(network: Network, height: bigint): bigint {
  if (network.type === "vapor") return subsidyFromTable(network.subsidies, height);
  if (height === 0n) return GENESIS_SUBSIDY;
  return FIRST_SUBSIDY >> (height / HALVING_BLOCKS);
}

function subsidyFromTable(ranges: readonly SubsidyRange[], height: bigint): bigint {
  return ranges.find(({ from, to }) => from <= height && height <= to)?.subsidy ?? 0n;
}
