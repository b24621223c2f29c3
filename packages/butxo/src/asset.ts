/**
 * Asset ids.
 *
 * @see spec 10-ledger, section 5 "Asset ids"
 */
import { sha3 } from "@bystack/crypto";
import { Writer } from "./writer.ts";

const ID_LENGTH = 32;

/** 1 BTM = 10^8 neu. */
export const BTM_DECIMALS = 8;

/** The id of BTM, a fresh copy: 32 bytes of `ff`. */
export function btmAssetId(): Uint8Array {
  return new Uint8Array(ID_LENGTH).fill(0xff);
}

/** Is this the id of BTM? */
export function isBtm(assetId: Uint8Array): boolean {
  if (assetId.length !== ID_LENGTH) return false;
  for (let i = 0; i < ID_LENGTH; i++) if (assetId[i] !== 0xff) return false;
  return true;
}

/**
 * The id of an asset, 32 bytes: the hash of what may issue it and of its raw definition. The same on both chains.
 *
 * @param definition raw bytes; what wallets put there is JSON, whose formatting matters
 */
export function assetId(
  issuanceProgram: Uint8Array,
  definition: Uint8Array,
  vmVersion = 1n,
): Uint8Array {
  const writer = new Writer(64 + issuanceProgram.length);
  writer.u64(vmVersion).varstr31(issuanceProgram).raw(sha3(definition));
  return sha3(writer.view());
}
