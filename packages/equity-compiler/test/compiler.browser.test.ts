import { describe, expect, it } from "vitest";
import templateVectors from "../../../vectors/equity/templates.json" with { type: "json" };
import { toHex } from "../src/hex.ts";
import {
  artifactOf,
  check,
  compile,
  contract,
  formatDiagnostic,
  formatSource,
} from "../src/index.ts";
import { escrowContract } from "../src/templates/index.ts";
import { asset, keyPair, output, spend } from "./support/spend.ts";

describe("the compiler in a browser", () => {
  it("makes the same programs", () => {
    for (const { source, v011 } of templateVectors.vectors) {
      const bodies = compile(source).map(({ body }) => toHex(body));
      expect(bodies).toEqual(v011.contracts.map(({ body }) => body));
    }
  });

  it("tells errors and formats", () => {
    const [diagnostic] = check("contract Z(a: Integr)").diagnostics;
    if (diagnostic === undefined) throw new Error("no diagnostic");
    expect(formatDiagnostic(diagnostic)).toContain('did you mean "Integer"?');
    expect(
      formatSource("contract A(p:Program)locks q of k{clause s(){lock q of k with p}}"),
    ).toContain("\n  clause s() {\n");
  });

  it("typed contracts lock and unlock", () => {
    const agent = keyPair(9);
    const [sender, recipient] = [Uint8Array.of(0x51), Uint8Array.of(0x52)];
    const program = escrowContract.instantiate({ agent: agent.publicKey, sender, recipient });
    const witness = escrowContract
      .unlock("approve", { signature: agent.signature })
      .filter((item) => item instanceof Uint8Array);
    const pay = (to: Uint8Array) =>
      spend({ program, witness, outputs: [output(1000n, asset(0xaa), to)] }).error;
    expect(pay(recipient)).toBeUndefined();
    expect(pay(sender)).toBe("false-vm-result");
  });

  it("makes a contract of what it just compiled", () => {
    const [compiled] = compile("contract Open() locks n of a { clause take() { unlock n of a } }");
    if (compiled === undefined) throw new Error("no contract");
    expect(toHex(contract(artifactOf(compiled)).instantiate({}))).toBe("74015100c0");
  });
});
