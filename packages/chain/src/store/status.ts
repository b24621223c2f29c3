import { fromHex, toHex } from "@bystack/butxo";
import { ChainError } from "../error.ts";
import { fromAscii, toAscii } from "./ascii.ts";

/** Where a chain stands: its tip. */
export interface ChainStatus {
  readonly height: bigint;
  readonly hash: Uint8Array;
}

/** What wrote the store: the version of its layout, and for which genesis block. */
export interface StoreFormat {
  readonly version: number;
  /** The network's name, for messages. */
  readonly network: string;
  readonly genesisHash: Uint8Array;
}

/** The layout that this code writes; `migrations.ts` leads to it from every older one. */
export const FORMAT_VERSION = 2;

const STATUS = /^\{"Height":(\d{1,20}),"Hash":"([0-9a-f]{64})"\}$/;
const FORMAT = /^\{"version":(\d{1,9}),"network":"([^"\\]{0,64})","genesis":"([0-9a-f]{64})"\}$/;

/** The original node's record, to the byte. @see spec 10-ledger, section 10.5 */
export function encodeStatus({ height, hash }: ChainStatus): Uint8Array {
  return toAscii(`{"Height":${height},"Hash":"${toHex(hash)}"}`);
}

/** @throws {@link ChainError} `store-damaged` */
export function decodeStatus(bytes: Uint8Array): ChainStatus {
  const [, height = "", hash = ""] = STATUS.exec(fromAscii(bytes)) ?? [];
  if (hash === "") throw new ChainError("store-damaged", { detail: "an unreadable chain status" });
  return { height: BigInt(height), hash: fromHex(hash) };
}

export function encodeFormat({ version, network, genesisHash }: StoreFormat): Uint8Array {
  return toAscii(`{"version":${version},"network":"${network}","genesis":"${toHex(genesisHash)}"}`);
}

/** @throws {@link ChainError} `store-format` */
export function decodeFormat(bytes: Uint8Array): StoreFormat {
  const [, version = "", network = "", genesis = ""] = FORMAT.exec(fromAscii(bytes)) ?? [];
  if (genesis === "")
    throw new ChainError("store-format", { detail: "an unreadable format record" });
  return { version: Number(version), network, genesisHash: fromHex(genesis) };
}
