import {
  blockHash,
  blockSubsidy,
  formatBlock,
  formatTransaction,
  genesisBlock,
  type VaporNetwork,
  vaporMainnet,
  vaporSolonet,
  vaporTestnet,
} from "@bystack/butxo";
import { equal, type Fields, integer, list, object, UnreadableCase } from "../check.ts";
import { compareFields } from "../ledger/describe.ts";
import type { Handler } from "../runner.ts";
import { checkTransaction } from "./transaction.ts";

const NETWORKS = [vaporMainnet, vaporTestnet, vaporSolonet];
/** The reference's number of the only soft fork. */
const SOFT_FORK_001 = "5";

/** `networks`: parameters, subsidies and first blocks of the side-chain networks. */
export const networks: Handler = (file, context) => {
  list(file, "file").forEach((value, index) => {
    context.check(`network ${index}`, () => {
      const expected = object(value, "case");
      const network = NETWORKS.find(({ chainId }) => chainId === expected["chain_id"]);
      if (network === undefined) throw new UnreadableCase(`unknown ${expected["chain_id"]}`);
      checkNetwork(network, expected);
    });
  });
};

function checkNetwork(network: VaporNetwork, expected: Fields): void {
  const { genesis_tx, block_subsidy, ...rest } = expected;
  const block = genesisBlock(network);
  const [first] = block.transactions;
  const transaction = object(genesis_tx, "genesis_tx");
  checkTransaction(transaction);
  equal(first && formatTransaction(first), transaction["hex"], "genesis transaction");
  for (const value of list(block_subsidy, "block_subsidy")) {
    const { height, subsidy } = object(value, "subsidy");
    const ours = blockSubsidy(network, integer(height, "height"));
    equal(ours, integer(subsidy, "subsidy"), `subsidy at ${height}`);
  }
  compareFields(describeNetwork(network, block), rest, `network ${network.chainId}`);
}

function describeNetwork(network: VaporNetwork, block: ReturnType<typeof genesisBlock>): Fields {
  const softFork = network.softFork001Height;
  return {
    chain_id: network.chainId,
    params_name: network.name,
    bech32_hrp: network.addressPrefix,
    mainchain_bech32_hrp: network.historicMainchainAddressPrefix,
    default_port: String(network.defaultPort),
    genesis_block_hex: formatBlock(block),
    genesis_hash: blockHash(block.header),
    genesis_timestamp: network.genesisTimestamp,
    block_num_each_node: network.blocksPerNode,
    block_time_interval_ms: network.blockIntervalMs,
    coinbase_arbitrary_size_limit: network.maxCoinbaseArbitrary,
    coinbase_pending_block_number: network.coinbaseMaturity,
    default_gas_credit: network.defaultGasCredit,
    max_block_gas: network.maxBlockGas,
    max_gas_amount: network.maxTransactionGas,
    max_time_offset_ms: network.maxTimeOffsetMs,
    min_consensus_node_vote_num: network.minConsensusNodeVotes,
    min_vote_output_amount: network.minVoteOutput,
    mov_start_height: network.movStartHeight,
    mov_reward_programs: network.movRewards.map(({ from, to, program }) => ({
      begin: String(from),
      end: String(to),
      program,
    })),
    num_of_consensus_node: String(network.maxConsensusNodes),
    producer_subsidies: network.subsidies.map(({ from, to, subsidy }) => ({
      begin: String(from),
      end: String(to),
      subsidy: String(subsidy),
    })),
    round_vote_block_nums: network.blocksPerRound,
    soft_fork_points: softFork === 0n ? {} : { [SOFT_FORK_001]: String(softFork) },
    storage_gas_rate: network.storageGasRate,
    vm_gas_rate: network.vmGasRate,
    vote_pending_block_number: network.voteLock,
  };
}
