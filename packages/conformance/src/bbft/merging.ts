import { createElectorate, merge, signerSet, signersOf } from "@bystack/bbft";
import { count, equal, flag, list, object } from "../check.ts";
import type { HandlerContext } from "../runner.ts";

export async function merging(file: unknown, { check }: HandlerContext): Promise<void> {
  for (const [at, entry] of list(object(file, "file")["cases"], "cases").entries())
    await check(`case ${at}`, () => {
      const fields = object(entry, "case");
      const n = count(fields["n"], "n");
      const none = new Uint8Array(0);
      const validator = { power: 1n, stake: 0n, voteKey: none, idKey: none };
      const electorate = createElectorate({
        epoch: 0n,
        scheme: 2,
        validators: Array.from({ length: n }, () => validator),
      });
      const contributions = list(fields["contributions"], "contributions").map((item) => {
        const contribution = object(item, "contribution");
        return {
          source: count(contribution["source"], "source"),
          signers: signerSet(n, counts(contribution["signers"], "signers")),
          signature: none,
        };
      });
      const singles = new Map(counts(fields["singles"], "singles").map((one) => [one, none]));
      const expect = object(fields["expect"], "expect");
      const merged = merge(electorate, contributions, singles);
      equal(sorted(merged.usedSources), sorted(counts(expect["usedSources"], "s")), "sources");
      equal(merged.usedSingles, counts(expect["usedSingles"], "usedSingles"), "single votes");
      equal(signersOf(merged.signers), counts(expect["signers"], "signers"), "signers");
      equal(merged.isQuorum, flag(expect["quorum"], "quorum"), "quorum");
    });
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

function counts(value: unknown, what: string): number[] {
  return list(value, what).map((item) => count(item, what));
}
