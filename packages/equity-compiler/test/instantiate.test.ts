import { describe, expect, it } from "vitest";
import templates from "../../../vectors/equity/templates.json" with { type: "json" };
import { toHex } from "../src/hex.ts";
import {
  clauseShifts,
  compile,
  contractJson,
  EquityError,
  instantiate,
  parseArgument,
} from "../src/index.ts";

interface Instance {
  readonly args: readonly string[];
  readonly program?: string;
  readonly error?: boolean;
}

describe("instances of templates.json", () => {
  const cases = templates.vectors.map(({ name, source, v011 }) => {
    const { instances, shift } = v011.contracts.at(-1) as { instances: Instance[]; shift: object };
    return { name, source, instances, shift };
  });

  it.each(cases)("$name", ({ source, instances, shift }) => {
    const contract = compile(source).at(-1);
    if (contract === undefined) throw new Error("no contract");
    for (const { args, program, error } of instances) {
      const make = () =>
        toHex(
          instantiate(
            contract,
            contract.parameters
              .slice(0, args.length)
              .map((p, i) => parseArgument(p, args[i] ?? "")),
          ),
        );
      if (error === true) expect(make).toThrow(EquityError);
      else expect(make()).toBe(program);
    }
    const { clauses, ending } = clauseShifts(
      contract.body,
      contract.clauses.map(({ name }) => name),
    );
    const found = Object.fromEntries(clauses);
    expect(ending === undefined ? found : { ...found, ending }).toEqual(shift);
    expect(contractJson(contract)).toMatchObject({
      name: contract.name,
      recursive: contract.recursive,
    });
  });
});

describe("argument texts", () => {
  const read = (type: string, text: string) => {
    const value = parseArgument({ name: "a", type }, text);
    return value instanceof Uint8Array ? toHex(value) : value;
  };

  it.each([
    ["Boolean", "1", true],
    ["Boolean", "false", false],
    ["Amount", "0", 0n],
    ["Amount", "9223372036854775808", -(2n ** 63n)],
    ["Amount", `${"0".repeat(100)}7`, 7n],
    ["Integer", "-9223372036854775808", -(2n ** 63n)],
    ["Integer", "+5", 5n],
    ["Asset", "AB".repeat(32), "ab".repeat(32)],
    ["Sign", "cd".repeat(64), "cd".repeat(64)],
    ["Program", "", ""],
    ["String", "π", "cf80"],
    ["List", "anything", undefined],
  ])("%s %s", (type, text, value) => {
    expect(read(type, text)).toBe(value);
  });

  it.each([
    ["Boolean", "yes"],
    ["Amount", "9223372036854775809"],
    ["Amount", "+1"],
    ["Amount", "1".repeat(1000)],
    ["Integer", "9223372036854775808"],
    ["Integer", ""],
    ["Hash", "ab"],
    ["PublicKey", "zz".repeat(32)],
    ["Program", "5"],
  ])("%s refuses %s", (type, text) => {
    expect(() => read(type, text)).toThrow(
      expect.objectContaining({ code: "argument-format", names: ["a", type, text] }),
    );
  });
});

it("a program without the clauses' jumps has no shifts", () => {
  expect(() => clauseShifts(Uint8Array.of(0x4c), ["a", "b"])).toThrow(
    expect.objectContaining({ name: "EquityError", code: "clause-shift" }),
  );
  expect(() => clauseShifts(Uint8Array.of(0x51), ["a", "b"])).toThrow(
    expect.objectContaining({ code: "clause-shift", names: ["0", "1"] }),
  );
});

it("undefined arguments are left out, as the historical command line does", () => {
  const contract = {
    parameters: [{ type: "List" }],
    body: Uint8Array.of(0x51),
    recursive: false,
    dialect: "0.1.1",
  } as const;
  expect(toHex(instantiate(contract, [undefined]))).toBe("74015100c0");
});
