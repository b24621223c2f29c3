import {
  bitsFromTarget,
  hashToInteger,
  meetsBits,
  nextBits,
  targetFromBits,
  workFromBits,
} from "@bystack/butxo";
import { bytes, equal, type Fields, integer } from "../check.ts";
import type { Handler } from "../runner.ts";
import { checkLists, compareFields } from "./describe.ts";

/** `difficulty`: compact bits, comparison with hashes, retargets. */
export const difficulty: Handler = (file, context) => {
  checkLists(file, context, {
    compact: checkCompact,
    to_compact: ({ big, compact }) =>
      equal(bitsFromTarget(integer(big, "big")), integer(compact, "compact"), "compact"),
    compare: checkComparison,
    retarget: checkRetarget,
  });
};

function checkCompact({ bits: decimal, ...rest }: Fields): void {
  const bits = integer(decimal, "bits");
  const target = targetFromBits(bits);
  const ours = {
    bits_hex: bits.toString(16),
    target,
    work: workFromBits(bits),
    back_to_compact: bitsFromTarget(target),
  };
  compareFields(ours, rest, "bits");
}

function checkComparison({ hash: hex, bits, ...rest }: Fields): void {
  const hash = bytes(hex, "hash");
  const ours = {
    as_integer: hashToInteger(hash),
    meets: meetsBits(hash, integer(bits, "bits")),
  };
  compareFields(ours, rest, "hash");
}

function checkRetarget(fields: Fields): void {
  const parent = {
    height: integer(fields["last_height"], "last_height"),
    timestamp: integer(fields["last_timestamp"], "last_timestamp"),
    bits: integer(fields["last_bits"], "last_bits"),
  };
  const start = integer(fields["compare_timestamp"], "compare_timestamp");
  const ours = nextBits(parent, () => start);
  equal(ours, integer(fields["next_bits"], "next_bits"), "next_bits");
}
