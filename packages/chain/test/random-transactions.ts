import { assetId, btmAssetId, isBtm, type Transaction } from "@bystack/butxo";
import {
  type Branch,
  btmOutput,
  type Coin,
  coinsOf,
  FEE,
  spendable,
  spendOf,
  split,
  TRUE,
  transactionOf,
} from "./kit.ts";

/** A program that always fails: whoever spends it makes a status-failed transaction. */
const FALSE = Uint8Array.of(0x00);
const DEFINITION = new TextEncoder().encode("{}");

/**
 * Up to `count` transactions that fit on top of a branch: splits, merges, chains within the block,
 * issuances, and spends of an asset that fail.
 */
export function randomTransactions(branch: Branch, count: number, pick: number): Transaction[] {
  const coins = spendable(branch);
  const btm = coins.filter(({ assetId }) => isBtm(assetId));
  const assets = [...branch.coins.values()].filter(({ assetId }) => !isBtm(assetId));
  const transactions: Transaction[] = [];
  for (let i = 0; i < count; i++) {
    const [coin] = btm.splice((pick + i) % Math.max(1, btm.length), 1);
    if (coin === undefined) break;
    const kind = (pick + i) % 4;
    const asset = assets.pop();
    const transaction =
      kind === 0 && asset !== undefined
        ? spendAsset(coin, asset)
        : kind === 1
          ? issue(coin, pick + i)
          : split([coin, ...(kind === 2 ? btm.splice(0, 1) : [])], 1 + ((pick + i) % 3));
    transactions.push(transaction);
    // What the next one of the block may build on.
    btm.push(
      ...coinsOf(transaction).filter(
        (made) => isBtm(made.assetId) && made.amount > 10n * FEE && kind === 3,
      ),
    );
  }
  return transactions;
}

/** Spends an asset beside the fee; with the program FALSE that fails. */
function spendAsset(coin: Coin, asset: Coin): Transaction {
  return transactionOf(
    [spendOf(coin), spendOf(asset)],
    [
      btmOutput(coin.amount - FEE),
      { type: "output", assetId: asset.assetId, amount: asset.amount, controlProgram: TRUE },
    ],
  );
}

function issue(coin: Coin, nonce: number): Transaction {
  const id = assetId(TRUE, DEFINITION, 1n);
  const amount = 1_000n + BigInt(nonce % 7);
  return transactionOf(
    [
      spendOf(coin),
      {
        type: "issuance",
        nonce: new Uint8Array(8).fill(nonce & 255),
        assetId: id,
        amount,
        assetDefinition: DEFINITION,
        issuanceProgram: TRUE,
      },
    ],
    [
      { type: "output", assetId: btmAssetId(), amount: coin.amount - FEE, controlProgram: TRUE },
      {
        type: "output",
        assetId: id,
        amount,
        controlProgram: nonce % 2 === 0 ? TRUE : FALSE,
      },
    ],
  );
}
