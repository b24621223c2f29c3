import type { Suite } from "../runner.ts";
import { blockHeaders } from "./block-header.ts";
import { networks } from "./networks.ts";
import { transactionDecoding, transactions } from "./transaction.ts";

export const suite: Suite = {
  block_headers: blockHeaders,
  networks,
  transaction_decoding: transactionDecoding,
  transactions,
};
