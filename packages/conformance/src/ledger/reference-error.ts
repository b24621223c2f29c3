import { codeOf, equal, thrownBy } from "../check.ts";

/** The reference's error texts and our codes; what a text has in brackets is our error's `value`. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/^EOF$/, "eof"],
  [/^unexpected EOF$/, "unexpected-eof"],
  [/^value out of range$/, "value-out-of-range"],
  [/varint overflows a 64-bit integer$/, "varint-overflow"],
  [/^trailing garbage \((\d+) bytes\)$/, "trailing-garbage"],
  [/^unsupported serflags (0x[\da-f]+)$/, "unsupported-serflags"],
  [/^unsupported serialization flags (0x[\da-f]+)$/, "unsupported-serialization-flags"],
  [/^unsupported input type (\d+)$/, "unsupported-input-type"],
  [/^unrecognized VM version (\d+) for asset version 1$/, "unrecognized-vm-version"],
  [/^asset ID does not match other issuance parameters$/, "asset-id-mismatch"],
  [/^encoding\/hex: odd length hex string$/, "odd-length-hex"],
  [/^encoding\/hex: invalid byte: /, "invalid-hex"],
  [/^unknown address type$/, "unknown-address-type"],
  [/^invalid bech32 string length (\d+)$/, "bech32-length"],
  [/^string not all lowercase or all uppercase$/, "bech32-mixed-case"],
  [/invalid character not part of charset: \d+$/, "bech32-charset"],
  [/^checksum failed\. /, "bech32-checksum"],
  [/^bad value$/, "bad-value"],
];

/** What the reference does when it should have refused: any of our errors will do. */
export const ANY_ERROR = "panic";

/**
 * Checks that `action` fails for the reason that the reference gives. A text that no vector has had
 * so far asks for an error of ours that stands for none of the others.
 */
export function checkError(action: () => unknown, referenceText: string): void {
  const error = thrownBy(action, referenceText);
  const code = codeOf(error);
  if (referenceText === ANY_ERROR) return;
  const known = CODES.find(([pattern]) => pattern.test(referenceText));
  if (known === undefined) {
    equal(CODES.find(([, other]) => other === code)?.[1], undefined, referenceText);
    return;
  }
  const [pattern, expected] = known;
  equal(code, expected, referenceText);
  const value = pattern.exec(referenceText)?.[1];
  if (value !== undefined && error instanceof Error && "value" in error)
    equal(error.value, BigInt(value), referenceText);
}
