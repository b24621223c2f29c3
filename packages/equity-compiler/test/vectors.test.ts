import { describe, expect, it } from "vitest";
import generated1 from "../../../vectors/equity/generated-1.json" with { type: "json" };
import generated2 from "../../../vectors/equity/generated-2.json" with { type: "json" };
import invalid from "../../../vectors/equity/invalid.json" with { type: "json" };
import odd from "../../../vectors/equity/odd-but-accepted.json" with { type: "json" };
import optimized from "../../../vectors/equity/optimize.json" with { type: "json" };
import templates from "../../../vectors/equity/templates.json" with { type: "json" };
import { toHex } from "../src/hex.ts";
import { compile, type Dialect, EquityError, optimizeText } from "../src/index.ts";

interface Expected {
  readonly contracts?: readonly { name: string; body?: string; opcodes?: string }[];
  readonly error?: { class: string; names?: readonly string[]; line?: number; col?: number };
  readonly same_code?: boolean;
}

interface Record {
  readonly name: string;
  readonly source: string;
  readonly v011: Expected;
  readonly node: Expected;
}

/** Output that the vectors do not have a field for is checked by the conformance suite. */
function check(source: string, dialect: Dialect, expected: Expected): void {
  const compiled = () => compile(source, { dialect, resolveImport: () => undefined });
  if (expected.error === undefined) {
    const contracts = new Map(compiled().map((contract) => [contract.name, contract]));
    for (const { name, body, opcodes } of expected.contracts ?? []) {
      const contract = contracts.get(name);
      if (body !== undefined) expect(toHex(contract?.body ?? new Uint8Array(0))).toBe(body);
      if (opcodes !== undefined) expect(contract?.opcodes).toBe(opcodes);
    }
    return;
  }
  try {
    compiled();
    expect.unreachable("compiled");
  } catch (error) {
    if (!(error instanceof EquityError)) throw error;
    expect(error.code).toBe(expected.error.class.toLowerCase().replaceAll("_", "-"));
    if (expected.error.names !== undefined) expect(error.names).toEqual(expected.error.names);
    if (expected.error.line === undefined) return;
    expect([error.line, error.column]).toEqual([expected.error.line, expected.error.col]);
  }
}

describe.each([
  ["templates", templates],
  ["odd-but-accepted", odd],
  ["generated-1", generated1],
  ["generated-2", generated2],
  ["invalid", invalid],
])("golden vectors, %s.json", (_file, { vectors }) => {
  it.each(vectors as unknown as Record[])("$name", ({ source, v011, node }) => {
    check(source, "0.1.1", v011);
    check(source, "node", node.same_code === true ? { ...v011, ...node } : node);
  });
});

it("golden vectors, optimize.json", () => {
  for (const [before = "", after] of optimized.vectors) expect(optimizeText(before)).toBe(after);
});
