import type { Handler } from "../runner.ts";
import { checkBlock } from "./block.ts";
import { checkHeader } from "./block-header.ts";
import { checkLists } from "./describe.ts";
import { checkTransaction } from "./transaction.ts";

/** `literals`: transactions, headers and blocks that others have published. */
export const literals: Handler = (file, context) => {
  checkLists(file, context, {
    transactions: checkTransaction,
    headers: checkHeader,
    blocks: checkBlock,
  });
};
