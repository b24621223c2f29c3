import { createBls12381 } from "@bystack/bbft";
import { bytes, equal, flag, list, object } from "../check.ts";
import type { HandlerContext } from "../runner.ts";

export async function rogueKey(file: unknown, { check }: HandlerContext): Promise<void> {
  const fields = object(file, "file");
  const scheme = createBls12381();
  const rogue = bytes(fields["roguePublic"], "roguePublic");
  await check("the plain sum of keys is forged", () => {
    const keys = list(fields["honestPublic"], "honestPublic").map((key) => bytes(key, "key"));
    const all = [...keys, rogue];
    const verified = scheme.verifyCombined(
      all,
      all.map((_, index) => index),
      bytes(fields["message"], "message"),
      bytes(fields["forgedAggregate"], "forgedAggregate"),
    );
    equal(verified, flag(fields["naiveAggregateVerifies"], "naiveAggregateVerifies"), "verified");
  });
  await check("the proof of possession", () => {
    const verified = scheme.verifyPossession(rogue, bytes(fields["offeredPop"], "offeredPop"));
    equal(verified, flag(fields["popVerifies"], "popVerifies"), "verified");
  });
}
