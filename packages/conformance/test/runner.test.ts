import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { codeOf, equal, Mismatch, thrownBy, toCode, UnreadableCase } from "../src/check.ts";
import { parseVectors } from "../src/exact-json.ts";
import { type FileResult, run, type Suite } from "../src/runner.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "bystack-vectors-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const numbers: Suite = {
  even: (file, { check }) => {
    for (const value of file as number[]) check(`${value}`, () => equal(value % 2, 0, "rest"));
  },
  later: async (file, { check, load }) => {
    for (const value of file as number[])
      await check(`${value}`, async () => equal(value, (load("base.json") as number[])[0], "base"));
  },
  base: (_file, { check }) => check("base", () => {}),
};

function write(suite: string, file: string, content: unknown): void {
  mkdirSync(join(directory, suite), { recursive: true });
  writeFileSync(join(directory, suite, file), JSON.stringify(content));
}

async function results(wanted: readonly string[] = []): Promise<FileResult[]> {
  const found: FileResult[] = [];
  const options = { directory, suites: { numbers }, wanted, options: {}, note: () => {} };
  for await (const result of run(options)) found.push(result);
  return found;
}

it("counts passed and failed cases and keeps the first failure", async () => {
  write("numbers", "even.json", [2, 3, 4, 5]);
  expect(await results()).toEqual([
    {
      suite: "numbers",
      file: "even.json",
      passed: 2,
      failed: 2,
      firstFailure: '3: rest: got "1", expected "0"',
    },
  ]);
});

it("finds a handler by the name without a trailing number, and no other way", async () => {
  write("numbers", "even-12.json", [2]);
  write("numbers", "even-x.json", [2]);
  expect(await results()).toMatchObject([
    { file: "even-12.json", passed: 1, failed: 0 },
    { file: "even-x.json", passed: 0, failed: 1 },
  ]);
});

it.each([
  ["a suite without handlers", "letters", "even.json", [2]],
  ["a file without handler", "numbers", "odd.json", [1]],
  ["a name that every object has", "numbers", "constructor.json", [1]],
  ["an empty file", "numbers", "even.json", []],
  ["a file of another shape", "numbers", "even.json", 7],
])("fails on %s", async (_, suite, file, content) => {
  write(suite, file, content);
  expect(await results()).toMatchObject([{ passed: 0, failed: 1 }]);
});

it("counts cases that fail later", async () => {
  write("numbers", "base.json", [1]);
  write("numbers", "later.json", [1, 2]);
  expect(await results(["numbers/later"])).toMatchObject([{ passed: 1, failed: 1 }]);
});

it("refuses to run nothing", async () => {
  write("numbers", "even.json", [2]);
  await expect(results(["numbers/odd"])).rejects.toThrow('no vectors for "numbers/odd"');
});

it("compares values by what they say", () => {
  equal(5n, 5, "number");
  equal(Uint8Array.of(1, 255), "01ff", "bytes");
  expect(() => equal([1n, "a"], [1, "b"], "list")).toThrow(Mismatch);
});

it("tells an error of ours from a defect", () => {
  const ours = Object.assign(new Error("x"), { code: "bad" });
  expect(codeOf(thrownBy(() => fail(ours), "x"))).toBe("bad");
  expect(() => codeOf(new TypeError("defect"))).toThrow(TypeError);
  expect(() => thrownBy(() => 1, "x")).toThrow(Mismatch);
  expect(toCode("ErrOverGasCredit")).toBe("over-gas-credit");
  expect(toCode("DataStackUnderflow")).toBe("data-stack-underflow");
  expect(toCode("UNTERMINATED_STRING")).toBe("unterminated-string");
  expect(new UnreadableCase("x")).toBeInstanceOf(Error);
});

it("reads integers of any size exactly", () => {
  const file =
    '{"a": 9223372036854775807, "b": -9007199254740992, "c": 7, "d": 0.12345678901234567890, "e": "12345678901234567890 \\" 1", "f": 1e-30}';
  expect(parseVectors(file)).toEqual({
    a: 9223372036854775807n,
    b: -9007199254740992n,
    c: 7,
    d: 0.12345678901234568,
    e: '12345678901234567890 " 1',
    f: 1e-30,
  });
});

function fail(error: Error): never {
  throw error;
}
