import { fromHex } from "./bytes.ts";
import { ButxoError } from "./error.ts";

const TEXT_LENGTH = 64;

/**
 * A hash or an id from its text form: 64 hex digits in the order of the bytes, either case. `null` is all zeros.
 *
 * @throws {@link ButxoError} `hash-length` | `invalid-hex`
 * @see spec 10-ledger, section 1, rule 3
 */
export function parseHash(text: string | null): Uint8Array {
  if (text === null) return new Uint8Array(TEXT_LENGTH / 2);
  if (text.length !== TEXT_LENGTH) throw new ButxoError("hash-length", { value: text.length });
  return fromHex(text);
}
