import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import {
  btmAssetId,
  createTransaction,
  encodeTransaction,
  mapTransaction,
  signatureHash,
  type Transaction,
} from "@bystack/butxo";
import { p2wpkhProgram, p2wpkhWitness, publicKeyHash } from "@bystack/bvm";
import { type Coin, FEE, params, spendOf } from "./kit.ts";

/** A key that locks outputs. */
export interface Key {
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
  /** Program of an output that the key alone can spend. */
  readonly program: Uint8Array;
}

export function createKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return keyOf(privateKey, publicKey);
}

/** What PKCS #8 puts in front of the 32 bytes of an ed25519 seed. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** The same key for the same number, 0 to 255, in every run. */
export function keyFromSeed(seed: number): Key {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.alloc(32, seed)]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return keyOf(privateKey, createPublicKey(privateKey));
}

function keyOf(privateKey: KeyObject, publicKey: KeyObject): Key {
  const raw = Uint8Array.from(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
  return { privateKey, publicKey: raw, program: p2wpkhProgram(publicKeyHash(raw)) };
}

/** Spends coins, each locked by the key beside it, into `outputs` equal parts for those keys. */
export function signedTransaction(
  coins: readonly { coin: Coin; key: Key }[],
  outputs: readonly Key[],
): Transaction {
  const total = coins.reduce((sum, { coin }) => sum + coin.amount, 0n) - FEE;
  const share = total / BigInt(outputs.length);
  const build = (witnesses: readonly (readonly Uint8Array[])[]) =>
    createTransaction(
      {
        inputs: coins.map(({ coin }, i) => spendOf(coin, witnesses[i])),
        outputs: outputs.map(({ program }, i) => ({
          type: "output",
          assetId: btmAssetId(),
          amount: i === 0 ? total - share * BigInt(outputs.length - 1) : share,
          controlProgram: program,
        })),
      },
      params.dialect,
    );
  const mapped = mapTransaction(build([]));
  return build(
    coins.map(({ key }, i) => {
      const signature = sign(null, signatureHash(mapped, i), key.privateKey);
      return p2wpkhWitness(Uint8Array.from(signature), key.publicKey);
    }),
  );
}

/** Two inputs, two outputs, each by another key: made-up outputs are spent. */
export function pairTransactions(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const coins = [0, 1].map((j) => {
      const key = createKey();
      const sourceId = new Uint8Array(32);
      new DataView(sourceId.buffer).setUint32(0, 2 * i + j + 1);
      const coin: Coin = {
        id: "",
        sourceId,
        position: 0n,
        assetId: btmAssetId(),
        amount: 1_000_000_000n,
        program: key.program,
        matureAt: 0n,
      };
      return { coin, key };
    });
    return encodeTransaction(signedTransaction(coins, [createKey(), createKey()]));
  });
}
