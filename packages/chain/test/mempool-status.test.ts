import { assetId, transactionId } from "@bystack/butxo";
import { expect, it } from "vitest";
import { createMempool } from "../src/index.ts";
import {
  btmOutput,
  type Coin,
  coinsOf,
  extendMany,
  FEE,
  feed,
  genesisBranch,
  last,
  lateClock,
  soloChain,
  spendable,
  spendOf,
  TRUE,
  transactionOf,
} from "./kit.ts";

const main = extendMany(genesisBranch(), 8);
const coins = spendable(last(main));
/** Leaves false on the stack, whoever asks. */
const NOBODY = Uint8Array.of(0x00);
const definition = new Uint8Array(0);
const gold = assetId(TRUE, definition);

function coin(of: readonly Coin[], i: number): Coin {
  const found = of[i];
  if (found === undefined) throw new Error("no such coin");
  return found;
}

const goldOutput = (controlProgram: Uint8Array) =>
  ({ type: "output", assetId: gold, amount: 5n, controlProgram }) as const;

/** Pays for `gold` to move, from one BTM coin. */
const move = (payer: Coin, from: Coin) =>
  transactionOf([spendOf(payer), spendOf(from)], [btmOutput(payer.amount - FEE), goldOutput(TRUE)]);

const payer = coin(coins, 0);
const issued = transactionOf(
  [
    spendOf(payer),
    {
      type: "issuance",
      nonce: definition,
      assetId: gold,
      amount: 5n,
      assetDefinition: definition,
      issuanceProgram: TRUE,
    },
  ],
  [btmOutput(payer.amount - FEE), goldOutput(NOBODY)],
);
const [change, locked] = [coin(coinsOf(issued), 0), coin(coinsOf(issued), 1)];
const failed = move(change, locked);

it("of a status-failed transaction only the BTM side is there for others", async () => {
  const chain = await soloChain();
  await feed(chain, main);
  const mempool = createMempool({ chain, clock: lateClock });
  expect(await mempool.submit(issued)).toEqual({ isOrphan: false });
  expect(await mempool.submit(failed)).toEqual({ isOrphan: false });
  expect(mempool.get(transactionId(issued))?.statusFailed).toBe(false);
  expect(mempool.get(transactionId(failed))).toMatchObject({ statusFailed: true, fee: FEE });

  const [btm, asset] = [coin(coinsOf(failed), 0), coin(coinsOf(failed), 1)];
  const onBtm = transactionOf([spendOf(btm)], [btmOutput(btm.amount - FEE)]);
  expect(await mempool.submit(onBtm)).toEqual({ isOrphan: false });
  expect(await mempool.submit(move(coin(coins, 1), asset))).toEqual({ isOrphan: true });
  // It has not taken the asset, so another may try, but it has taken the BTM.
  expect(await mempool.submit(move(coin(coins, 2), locked))).toEqual({ isOrphan: false });
  const again = transactionOf([spendOf(change)], [btmOutput(change.amount - FEE)]);
  await expect(mempool.submit(again)).rejects.toMatchObject({ code: "conflicts-with-the-pool" });
  await chain.close();
});
