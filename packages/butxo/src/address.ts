/**
 * Addresses: a witness program of version 0 as bech32 text with the prefix of its network.
 *
 * @see spec 10-ledger, section 6 "Programs and addresses"
 */
import { decodeBech32, encodeBech32, fromFiveBits, toFiveBits } from "./bech32.ts";
import { ButxoError } from "./error.ts";
import {
  KEY_HASH_LENGTH,
  p2wpkhProgram,
  p2wshProgram,
  SCRIPT_HASH_LENGTH,
  witnessHash,
} from "./program.ts";

const MAX_VERSION = 16;
const MIN_PROGRAM = 2;
const MAX_PROGRAM = 40;

/** What an address says. */
export interface Address {
  readonly type: "p2wpkh" | "p2wsh";
  /** Key hash (20 bytes) or script hash (32 bytes). */
  readonly hash: Uint8Array;
  /** What locks an output that is sent to the address. */
  readonly controlProgram: Uint8Array;
}

/**
 * Reads an address. All upper case is accepted, as bech32 allows.
 *
 * @param prefix human-readable part of the network, lower case: `bm`, `tm`, `sm`, `vp`, …
 * @throws {@link ButxoError} in this order: `unknown-address-type` (another network's, or no address at all) |
 *   `bech32-length` | `bech32-character` | `bech32-mixed-case` | `bech32-separator` | `bech32-charset` |
 *   `bech32-checksum` | `invalid-witness-version` | `bech32-padding` | `witness-program-length` |
 *   `unsupported-witness-version`
 * @example
 * decodeAddress("bm1q7ddun9dtgh8zxp26fghu7p636rexr5xqvw834m", "bm").type; // "p2wpkh"
 */
export function decodeAddress(address: string, prefix: string): Address {
  const separator = address.lastIndexOf("1");
  if (separator <= 1 || address.slice(0, separator).toLowerCase() !== prefix) {
    throw new ButxoError("unknown-address-type");
  }
  const [version, ...groups] = decodeBech32(address).values;
  if (version === undefined || version > MAX_VERSION) {
    throw new ButxoError("invalid-witness-version", { value: version });
  }
  const hash = fromFiveBits(groups);
  const { length } = hash;
  const isKeyHash = length === KEY_HASH_LENGTH;
  if (
    length < MIN_PROGRAM ||
    length > MAX_PROGRAM ||
    (version === 0 && !isKeyHash && length !== SCRIPT_HASH_LENGTH)
  ) {
    throw new ButxoError("witness-program-length", { value: length });
  }
  if (version !== 0) throw new ButxoError("unsupported-witness-version", { value: version });
  return isKeyHash
    ? { type: "p2wpkh", hash, controlProgram: p2wpkhProgram(hash) }
    : { type: "p2wsh", hash, controlProgram: p2wshProgram(hash) };
}

/**
 * The address of a key hash or a script hash, lower case.
 *
 * @param hash 20 or 32 bytes
 * @param prefix human-readable part of the network, lower case
 * @throws {@link ButxoError} `witness-program-length`
 */
export function encodeAddress(hash: Uint8Array, prefix: string): string {
  if (hash.length !== KEY_HASH_LENGTH && hash.length !== SCRIPT_HASH_LENGTH) {
    throw new ButxoError("witness-program-length", { value: hash.length });
  }
  return encodeBech32(prefix, [0, ...toFiveBits(hash)]);
}

/** The address of a control program; `undefined` when it has none. */
export function programAddress(controlProgram: Uint8Array, prefix: string): string | undefined {
  const hash = witnessHash(controlProgram);
  return hash === undefined ? undefined : encodeAddress(hash, prefix);
}
