import type { Suite } from "../runner.ts";
import { addresses } from "./address.ts";
import { assetIds } from "./asset-id.ts";
import { blocks } from "./block.ts";
import { blockHeaders } from "./block-header.ts";
import { difficulty } from "./difficulty.ts";
import { genesis } from "./genesis.ts";
import { headerChain } from "./header-chain.ts";
import { literals } from "./literals.ts";
import { merkleProofs, merkleRoots } from "./merkle.ts";
import { primitives } from "./primitives.ts";
import { programs } from "./programs.ts";
import { subsidies } from "./subsidy.ts";
import { transactions } from "./transaction.ts";
import { transactionDecoding } from "./transaction-decoding.ts";

export const suite: Suite = {
  address: addresses,
  asset_id: assetIds,
  block: blocks,
  block_header: blockHeaders,
  difficulty,
  genesis,
  header_chain: headerChain,
  literals,
  merkle_proof: merkleProofs,
  merkle_root: merkleRoots,
  primitives,
  programs,
  subsidy: subsidies,
  tx: transactions,
  tx_decode: transactionDecoding,
  tx_suffixes: transactions,
};
