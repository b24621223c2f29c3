import {
  bitsFromTarget,
  hashToInteger,
  meetsBits,
  nextBits,
  targetFromBits,
  workFromBits,
} from "@bystack/butxo";
import { bytes, equal, integer, list, object } from "../check.ts";
import type { Handler } from "../runner.ts";
import { compareFields } from "./describe.ts";

/** `difficulty`: compact bits, comparison with hashes, retargets. */
export const difficulty: Handler = (file, context) => {
  const { compact, to_compact, compare, retarget } = object(file, "file");
  list(compact, "compact").forEach((value, index) => {
    context.check(`compact ${index}`, () => {
      const { bits: decimal, ...rest } = object(value, "case");
      const bits = integer(decimal, "bits");
      const target = targetFromBits(bits);
      const ours = {
        bits_hex: bits.toString(16),
        target,
        work: workFromBits(bits),
        back_to_compact: bitsFromTarget(target),
      };
      compareFields(ours, rest, "bits");
    });
  });
  list(to_compact, "to_compact").forEach((value, index) => {
    context.check(`to_compact ${index}`, () => {
      const { big, compact: bits } = object(value, "case");
      equal(bitsFromTarget(integer(big, "big")), integer(bits, "compact"), "compact");
    });
  });
  list(compare, "compare").forEach((value, index) => {
    context.check(`compare ${index}`, () => {
      const { hash: hex, bits, ...rest } = object(value, "case");
      const hash = bytes(hex, "hash");
      const ours = {
        as_integer: hashToInteger(hash),
        meets: meetsBits(hash, integer(bits, "bits")),
      };
      compareFields(ours, rest, "hash");
    });
  });
  list(retarget, "retarget").forEach((value, index) => {
    context.check(`retarget ${index}`, () => {
      const fields = object(value, "case");
      const parent = {
        height: integer(fields["last_height"], "last_height"),
        timestamp: integer(fields["last_timestamp"], "last_timestamp"),
        bits: integer(fields["last_bits"], "last_bits"),
      };
      const start = integer(fields["compare_timestamp"], "compare_timestamp");
      const expected = integer(fields["next_bits"], "next_bits");
      equal(
        nextBits(parent, () => start),
        expected,
        "next_bits",
      );
    });
  });
};
