import { describe, expect, expectTypeOf, it } from "vitest";
import { toHex } from "../src/hex.ts";
import {
  type ArgumentOf,
  artifactOf,
  type ClauseArguments,
  type ClauseName,
  type ContractArguments,
  type ContractInterface,
  compile,
  contract,
  parseArtifact,
  type SignaturePlaceholder,
  signatureBy,
  type WitnessArgument,
} from "../src/index.ts";
import { asset, keyPair, output, spend } from "./support/spend.ts";

const OFFER = `contract Offer(wantAsset: Asset, wantAmount: Amount, maker: Program, makerKey: PublicKey) locks qty of kind {
  clause take() { lock wantAmount of wantAsset with maker  unlock qty of kind }
  clause withdraw(s: Signature) { verify checkTxSig(makerKey, s)  unlock qty of kind }
}
`;

const offerArtifact = {
  name: "Offer",
  params: [
    { name: "wantAsset", type: "Asset" },
    { name: "wantAmount", type: "Amount" },
    { name: "maker", type: "Program" },
    { name: "makerKey", type: "PublicKey" },
  ],
  clauses: [
    { name: "take", params: [] },
    { name: "withdraw", params: [{ name: "s", type: "Signature" }] },
  ],
  bytecode: "547a6413000000007b7b51547ac1631a000000547a547aae7cac",
  recursive: false,
} as const satisfies ContractInterface;

function only(source: string) {
  const [compiled] = compile(source);
  if (compiled === undefined) throw new Error("no contract");
  return compiled;
}

describe("types are inferred from the artifact", () => {
  const offer = contract(offerArtifact);

  it("of contract arguments", () => {
    expectTypeOf<ContractArguments<typeof offerArtifact>>().toEqualTypeOf<{
      readonly wantAsset: Uint8Array | string;
      readonly wantAmount: bigint;
      readonly maker: Uint8Array | string;
      readonly makerKey: Uint8Array | string;
    }>();
    expectTypeOf<ArgumentOf<"Boolean">>().toEqualTypeOf<boolean>();
  });

  it("of clauses", () => {
    expectTypeOf<ClauseName<typeof offerArtifact>>().toEqualTypeOf<"take" | "withdraw">();
    expectTypeOf<ClauseArguments<typeof offerArtifact, "withdraw">>().toEqualTypeOf<{
      readonly s: Uint8Array | string | SignaturePlaceholder;
    }>();
    expectTypeOf(offer.unlock("take", {})).toEqualTypeOf<Uint8Array[]>();
    expectTypeOf(offer.unlock("withdraw", { s: "00".repeat(64) })).toEqualTypeOf<
      WitnessArgument[]
    >();
    // @ts-expect-error no such clause
    expect(() => offer.unlock("steal", {})).toThrow(
      expect.objectContaining({ code: "unknown-clause", names: ["steal", "Offer"] }),
    );
    // @ts-expect-error a missing argument
    expect(() => offer.unlock("withdraw", {})).toThrow(
      expect.objectContaining({ code: "argument-format" }),
    );
  });
});

describe("a trade offer on the machine", () => {
  const offer = contract(offerArtifact);
  const maker = keyPair(1);
  const payTo = Uint8Array.of(0x51);
  const wantAsset = asset(0xbb);
  const program = offer.instantiate({
    wantAsset: toHex(wantAsset),
    wantAmount: 5n,
    maker: payTo,
    makerKey: maker.publicKey,
  });

  it("is the same contract that the compiler makes", () => {
    const compiled = artifactOf(only(OFFER));
    expect(compiled).toMatchObject(offerArtifact);
    expect(compiled.source).toBe(OFFER);
  });

  it("is taken by paying, and by nothing less", () => {
    const witness = offer.unlock("take", {});
    const pay = (amount: bigint, assetId = wantAsset) =>
      spend({ program, witness, outputs: [output(amount, assetId, payTo)] }).error;
    expect(pay(5n)).toBeUndefined();
    expect(pay(4n)).toBe("false-vm-result");
    expect(pay(5n, asset(0xcc))).toBe("false-vm-result");
  });

  it("is withdrawn by the maker only", () => {
    const sign = (key: number) => offer.unlock("withdraw", { s: keyPair(key).signature });
    const bytes = (witness: WitnessArgument[]) =>
      witness.filter((item) => item instanceof Uint8Array);
    expect(spend({ program, witness: bytes(sign(1)) }).error).toBeUndefined();
    expect(spend({ program, witness: bytes(sign(2)) }).error).toBe("false-vm-result");
  });

  it("leaves a place for a signature to come, then the clause's index", () => {
    expect(offer.unlock("withdraw", { s: signatureBy({ path: "m/1" }) })).toEqual([
      { type: "signature", signer: { path: "m/1" } },
      Uint8Array.of(1),
    ]);
    expect(offer.unlock("take", {})).toEqual([new Uint8Array(0)]);
  });
});

describe("arguments", () => {
  const all = contract(
    artifactOf(
      only(`contract All(n: Integer, m: Amount, f: Boolean, h: Hash, t: String) locks q of k {
  clause s() { verify n > m && f && size(h) > size(t) unlock q of k }
}`),
    ),
  );
  const good = { n: -1n, m: 1n, f: true, h: "11".repeat(32), t: "it's π" };

  it("texts are hex, but UTF-8 for String", () => {
    expect(toHex(all.instantiate(good))).toContain(
      `07${toHex(new TextEncoder().encode("it's π"))}`,
    );
  });

  it.each([
    ["n", 2n ** 63n, "argument-format"],
    ["n", 1, "argument-format"],
    ["m", -1n, "argument-format"],
    ["f", 1n, "argument-format"],
    ["h", "11".repeat(31), "argument-format"],
    ["h", "xy", "argument-format"],
    ["t", 5n, "argument-format"],
    ["surplus", 1n, "argument-count"],
  ])("%s: %s is refused: %s", (name, value, code) => {
    expect(() => all.instantiate({ ...good, [name]: value })).toThrow(
      expect.objectContaining({ name: "EquityError", code }),
    );
  });

  it("a signature to come cannot be part of a control program", () => {
    const lock = contract({
      name: "Odd",
      params: [{ name: "s", type: "Signature" }],
      clauses: [],
      bytecode: "51",
      recursive: false,
    });
    expect(() => lock.instantiate({ s: signatureBy("me") })).toThrow(
      expect.objectContaining({ code: "argument-format" }),
    );
  });
});

describe("programs that contracts compose", () => {
  const compiled =
    compile(`contract Inner(n: Integer, p: Program) locks q of k { clause s() { verify above(n) lock q of k with p } }
contract Outer(n: Integer, p: Program) locks q of k { clause s() { lock q of k with Inner(n, p) } }
contract Again(n: Integer, p: Program) locks q of k {
  clause more() { lock q of k with Again(n + 1, p) }
  clause stop() { lock q of k with p }
}`).map((one) => contract(artifactOf(one)));
  const [inner, outer, again] = compiled;
  if (inner === undefined || outer === undefined || again === undefined) throw new Error("missing");
  const p = Uint8Array.of(0x51);

  it("are what the outer contract demands, where instantiated ones are not", () => {
    const program = outer.instantiate({ n: 5n, p });
    const accepts = (inside: Uint8Array) =>
      spend({ program, witness: [], outputs: [output(1000n, asset(0xaa), inside)] }).error;
    expect(accepts(inner.composed({ n: 5n, p }))).toBeUndefined();
    expect(accepts(inner.instantiate({ n: 5n, p }))).toBe("false-vm-result");
  });

  it("run as the instantiated ones do", () => {
    const outputs = [output(1000n, asset(0xaa), p)];
    for (const program of [inner.composed({ n: 5n, p }), inner.instantiate({ n: 5n, p })]) {
      expect(spend({ program, witness: [], outputs }).error).toBeUndefined();
      expect(spend({ program, witness: [], outputs, blockHeight: 5n }).error).toBe(
        "false-vm-result",
      );
    }
  });

  it("of recursive contracts", () => {
    const witness = again.unlock("more", {}).filter((item) => item instanceof Uint8Array);
    const next = again.composed({ n: 17n, p });
    for (const program of [again.instantiate({ n: 16n, p }), again.composed({ n: 16n, p })]) {
      const outputs = [output(1000n, asset(0xaa), next)];
      expect(spend({ program, witness, outputs }).error).toBeUndefined();
    }
  });
});

describe("artifacts", () => {
  const artifact = artifactOf(only(`// π\n${OFFER}`));

  it("survive JSON", () => {
    expect(parseArtifact(JSON.parse(JSON.stringify(artifact)))).toEqual(artifact);
  });

  it("map every instruction to the source", () => {
    const parts = artifact.sourceMap.map(([, start, end]) => artifact.source.slice(start, end));
    expect(artifact.sourceMap[0]?.[0]).toBe(0);
    expect(parts).toContain("checkTxSig(makerKey, s)");
    expect(parts).toContain("wantAmount");
    expect(new Set(parts).size).toBeGreaterThan(6);
  });

  it.each([
    [null, "artifact"],
    [{}, "format"],
    [{ ...artifact, dialect: "2" }, "dialect"],
    [{ ...artifact, bytecode: "5" }, "bytecode"],
    [{ ...artifact, params: [{ name: "a", type: "int" }] }, "type"],
    [{ ...artifact, sourceMap: [[0, -1, 2]] }, "sourceMap"],
    [{ ...artifact, recursive: "no" }, "recursive"],
  ])("bad ones are refused: case %#", (json, field) => {
    expect(() => parseArtifact(json)).toThrow(
      expect.objectContaining({ code: "bad-artifact", names: [field] }),
    );
  });
});

it("the trap of checkTxMultiSig is real: names behind it are looked up too deep", () => {
  const late = contract(
    artifactOf(
      only(`contract Late(key: PublicKey, n: Integer) locks q of k {
  clause s(g: Signature, x: Integer) { verify checkTxMultiSig([key], [g]) verify x == n unlock q of k }
}`),
    ),
  );
  const { publicKey, signature } = keyPair(1);
  const program = late.instantiate({ key: publicKey, n: 7n });
  const witness = late
    .unlock("s", { g: signature, x: 7n })
    .filter((item) => item instanceof Uint8Array);
  expect(spend({ program, witness }).error).toBe("false-vm-result");
});
