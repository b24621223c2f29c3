import type { BenchSuite } from "../../../scripts/harness.ts";
import { check, compile, contract, formatSource } from "../src/index.ts";
import * as templates from "../src/templates/index.ts";

/** The worked example of spec 30-equity, section 14; the original compiler takes 34 µs for it. */
const OFFER = `contract Offer(wantAsset: Asset, wantAmount: Amount, maker: Program, makerKey: PublicKey) locks qty of kind {
  clause take() { lock wantAmount of wantAsset with maker  unlock qty of kind }
  clause withdraw(s: Signature) { verify checkTxSig(makerKey, s)  unlock qty of kind }
}
`;

/** A text of 500 lines: templates under other names, one behind the other. */
function fiveHundredLines(): string {
  const { source, name } = templates.coinBetArtifact;
  const lines: string[] = [];
  for (let i = 0; lines.length < 500; i++)
    lines.push(...source.replaceAll(name, `${name}${i}`).split("\n"));
  const text = lines.slice(0, 500).join("\n");
  return text.slice(0, text.lastIndexOf("contract"));
}

export default function compilerBench(): BenchSuite[] {
  const long = fiveHundredLines();
  const offer = contract(templates.tradeOfferArtifact);
  const args = {
    wantedAsset: "bb".repeat(32),
    wantedAmount: 5n,
    seller: "51",
    sellerKey: "07".repeat(32),
  };
  const artifacts = Object.values(templates).flatMap((value) =>
    typeof value === "object" && "source" in value ? [value] : [],
  );
  return [
    {
      name: "compile",
      cases: [
        { name: "worked example", run: () => compile(OFFER) },
        ...artifacts.map(({ name, source }) => ({ name, run: () => compile(source) })),
        { name: "500 lines", run: () => compile(long) },
      ],
      notes: [`500 lines: ${long.length} bytes, ${compile(long).length} contracts`],
    },
    {
      name: "around the compiler",
      cases: [
        { name: "check 500 lines", run: () => check(long) },
        { name: "format 500 lines", run: () => formatSource(long) },
        { name: "instantiate", run: () => offer.instantiate(args) },
        { name: "unlock", run: () => offer.unlock("trade", {}) },
      ],
    },
  ];
}
