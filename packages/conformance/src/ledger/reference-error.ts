import { codeOf, equal, thrownBy, UnreadableCase } from "../check.ts";

/** The reference's error texts, with what varies in them, and our codes. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/^EOF$/, "eof"],
  [/^unexpected EOF$/, "unexpected-eof"],
  [/^value out of range$/, "value-out-of-range"],
  [/varint overflows a 64-bit integer$/, "varint-overflow"],
  [/^trailing garbage \(\d+ bytes\)$/, "trailing-garbage"],
  [/^unsupported serflags /, "unsupported-serflags"],
  [/^unsupported serialization flags /, "unsupported-serialization-flags"],
  [/^unsupported input type \d+$/, "unsupported-input-type"],
  [/^unrecognized VM version \d+ for asset version 1$/, "unrecognized-vm-version"],
  [/^asset ID does not match other issuance parameters$/, "asset-id-mismatch"],
  [/^encoding\/hex: odd length hex string$/, "odd-length-hex"],
  [/^encoding\/hex: invalid byte: /, "invalid-hex"],
  [/^unknown address type$/, "unknown-address-type"],
  [/^invalid bech32 string length \d+$/, "bech32-length"],
  [/^string not all lowercase or all uppercase$/, "bech32-mixed-case"],
  [/invalid character not part of charset: \d+$/, "bech32-charset"],
  [/^checksum failed\. /, "bech32-checksum"],
  [/^bad value$/, "bad-value"],
];

/** What the reference does when it should have refused: any of our errors will do. */
const CRASH = "panic";

/** Checks that `action` fails for the reason that the reference gives. */
export function checkError(action: () => unknown, referenceText: string): void {
  const code = codeOf(thrownBy(action, referenceText));
  if (referenceText === CRASH) return;
  const known = CODES.find(([pattern]) => pattern.test(referenceText));
  if (known === undefined) throw new UnreadableCase(`unknown error "${referenceText}"`);
  equal(code, known[1], referenceText);
}
