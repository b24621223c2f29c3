import {
  bytomSolonet,
  decodeBlock,
  decodeTransaction,
  fromHex,
  transactionId,
} from "@bystack/butxo";
import {
  type Chain,
  ChainError,
  createBlockTemplate,
  createMempool,
  type Mempool,
} from "@bystack/chain";
import {
  bytes,
  equal,
  type Fields,
  flag,
  ifPresent,
  list,
  object,
  text,
  UnreadableCase,
} from "../check.ts";
import type { Handler } from "../runner.ts";
import { memoryChain, playStep, unminedWork } from "./chain-driver.ts";
import { compareFields, sortedIds } from "./describe.ts";
import { codeOfText } from "./error-codes.ts";

/** Blocks, transactions and templates on one chain, with the pool after each step. */
export const txpool: Handler = async (file, { check }) => {
  const { genesis, prefix, steps, ...rest } = object(file, "file");
  const chain = await memoryChain(unminedWork(), text(genesis, "genesis"));
  // Conflicts are accepted and nothing evicted: so the reference does.
  const mempool = createMempool({ chain, clock: Date, conflicts: "accept", whenFull: "refuse" });
  await check("prefix", async () => {
    for (const raw of list(prefix, "prefix"))
      await chain.processBlock(decodeBlock(bytes(raw, "prefix"), bytomSolonet.dialect));
  });
  let isBeforeTransactions = true;
  for (const [i, item] of list(steps, "steps").entries()) {
    const step = object(item, `step ${i}`);
    if (isBeforeTransactions && step["action"] !== "block") {
      isBeforeTransactions = false;
      const expected = rest["best_hash_before_transactions"];
      if (expected !== undefined)
        await check("best_hash_before_transactions", () =>
          equal(chain.tip.hash, expected, "best hash"),
        );
    }
    await check(`step ${i}: ${step["note"] ?? ""}`, () => play(chain, mempool, step));
  }
};

async function play(chain: Chain, mempool: Mempool, step: Fields): Promise<void> {
  const action = text(step["action"], "action");
  if (action === "block") await playStep(chain, step);
  else if (action === "tx") await submit(mempool, step);
  else if (action === "template") await compareTemplate(chain, mempool, step);
  else throw new UnreadableCase(`unknown action "${action}"`);
  await mempool.atTip(async () => {});
  const ids = sortedIds(mempool.entries().map(({ mapped }) => mapped.id));
  ifPresent(step, "pool", (pool) => equal(ids, list(pool, "pool"), "pool"));
  ifPresent(step, "pool_after", (pool) => equal(ids, list(pool, "pool_after"), "pool_after"));
}

async function submit(mempool: Mempool, step: Fields): Promise<void> {
  const transaction = decodeTransaction(bytes(step["raw"], "raw"), bytomSolonet.dialect);
  ifPresent(step, "tx_id", (id) => equal(transactionId(transaction), id, "tx_id"));
  let error = "";
  let isOrphan = false;
  try {
    ({ isOrphan } = await mempool.submit(transaction));
  } catch (thrown) {
    if (!(thrown instanceof ChainError)) throw thrown;
    error = thrown.code;
  }
  ifPresent(step, "error", (expected) => {
    const named = text(expected, "error");
    equal(error, named === "" ? "" : codeOfText(named), "error");
  });
  ifPresent(step, "is_orphan", (expected) =>
    equal(isOrphan, flag(expected, "is_orphan"), "is_orphan"),
  );
}

async function compareTemplate(chain: Chain, mempool: Mempool, step: Fields): Promise<void> {
  const template = await createBlockTemplate({
    params: chain.params,
    engine: unminedWork(),
    mempool,
    clock: Date,
    runProgram: chain.signatures.readingRunner(),
    program: fromHex(text(step["coinbase_program"], "coinbase_program")),
  });
  const { header, transactions } = template;
  const [coinbase, ...others] = transactions;
  const [input] = coinbase?.inputs ?? [];
  const [output] = coinbase?.outputs ?? [];
  const { action: _, pool_after: __, ...expected } = step;
  compareFields(
    {
      bits: header.seal.type === "proof-of-work" ? header.seal.bits : undefined,
      coinbase_amount: output?.type === "output" ? output.amount : undefined,
      coinbase_arbitrary: input?.type === "coinbase" ? input.arbitrary : undefined,
      coinbase_program: output?.type === "output" ? output.controlProgram : undefined,
      coinbase_tx_id: coinbase && transactionId(coinbase),
      height: header.height,
      previous_block_hash: header.previousBlockHash,
      transaction_merkle_root: header.transactionMerkleRoot,
      transaction_status_hash: header.transactionStatusHash,
      tx_ids: others.map(transactionId),
    },
    expected,
    "template",
  );
}
