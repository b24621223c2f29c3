import { type BytomNetwork, bytomMainnet, bytomSolonet, bytomWisdom } from "@bystack/butxo";

/** The networks that this node can run, by their names in commands and in the API. */
export const NETWORKS: Readonly<Record<string, BytomNetwork>> = {
  mainnet: bytomMainnet,
  testnet: bytomWisdom,
  wisdom: bytomWisdom,
  solonet: bytomSolonet,
};

export const NETWORK_NAMES: readonly string[] = Object.keys(NETWORKS);
