import {
  type BytomNetwork,
  blockHash,
  bytomMainnet,
  bytomSolonet,
  bytomWisdom,
  formatBlock,
  formatTransaction,
  genesisBlock,
  initialSeed,
  nextSeed,
  workFromBits,
} from "@bystack/butxo";
import { sha3 } from "@bystack/crypto";
import { equal, type Fields, object, UnreadableCase } from "../check.ts";
import type { Handler } from "../runner.ts";
import { checkHeader } from "./block-header.ts";
import { compareFields } from "./describe.ts";
import { checkTransaction } from "./transaction.ts";

const NETWORKS = [bytomMainnet, bytomWisdom, bytomSolonet];

/** `genesis`: the networks and their first blocks. */
export const genesis: Handler = (file, context) => {
  const { empty_string_hash, initial_seed, ...networks } = object(file, "file");
  context.check("constants", () => {
    equal(sha3(new Uint8Array(0)), empty_string_hash, "empty_string_hash");
    equal(initialSeed(), initial_seed, "initial_seed");
  });
  for (const [chainId, value] of Object.entries(networks)) {
    context.check(chainId, () => {
      const network = NETWORKS.find((candidate) => candidate.chainId === chainId);
      if (network === undefined) throw new UnreadableCase(`unknown network ${chainId}`);
      checkNetwork(network, object(value, chainId));
    });
  }
};

function checkNetwork(network: BytomNetwork, expected: Fields): void {
  const { header, transaction, name, ...rest } = expected;
  const block = genesisBlock(network);
  const [first] = block.transactions;
  const describedTransaction = object(transaction, "transaction");
  checkHeader(object(header, "header"));
  checkTransaction(describedTransaction);
  equal(first && formatTransaction(first), describedTransaction["raw"], "transaction");
  equal(network.name, name, "name");
  const hash = blockHash(block.header);
  const ours = {
    bech32_hrp: network.addressPrefix,
    block: formatBlock(block),
    checkpoints: network.checkpoints.map((c) => ({ hash: c.hash, height: c.height.toString() })),
    default_port: network.defaultPort?.toString() ?? "",
    dns_seeds: network.dnsSeeds.length === 0 ? null : network.dnsSeeds,
    next_seed: nextSeed({ height: 0n, hash, seed: initialSeed() }),
    work_sum: workFromBits(network.genesisBits),
  };
  compareFields(ours, rest, chainName(network));
}

function chainName(network: BytomNetwork): string {
  return `network ${network.chainId}`;
}
