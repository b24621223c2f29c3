import { expect, it } from "vitest";
import { compile, EquityError } from "../src/index.ts";

const files: { readonly [path: string]: string } = {
  "pay.equity": "contract Pay(p: Program) locks q of k { clause s() { lock q of k with p } }",
  "chain.equity":
    'import "pay.equity" contract Chain(p: Program) locks q of k { clause s() { lock q of k with Pay(p) } }',
  "loop.equity":
    "import 'loop.equity' contract Loop() locks q of k { clause s() { unlock q of k } }",
  "bad.equity": "contract Bad( locks",
};

const resolveImport = (path: string) => {
  if (path === "broken.equity") throw new Error("disk on fire");
  const text = files[path];
  return text === undefined ? undefined : { file: path, text };
};

const main = (path: string) =>
  `import '${path}' contract Main(p: Program) locks q of k { clause s() { lock q of k with p } }`;

function failure(path: string): EquityError {
  try {
    compile(main(path), { resolveImport });
  } catch (error) {
    if (error instanceof EquityError) return error;
    throw error;
  }
  return expect.unreachable("compiled");
}

it("imported contracts come first, those that they import before them", () => {
  const contracts = compile(main("chain.equity"), { resolveImport });
  expect(contracts.map(({ name }) => name)).toEqual(["Pay", "Chain", "Main"]);
  expect(contracts.map(({ source }) => source.file)).toEqual([
    "pay.equity",
    "chain.equity",
    "contract.equity",
  ]);
});

it("a file that is reached twice is a name conflict", () => {
  expect(() => compile(`import 'pay.equity' ${main("chain.equity")}`, { resolveImport })).toThrow(
    expect.objectContaining({ code: "name-conflict", names: ["contract", "Pay", "contract"] }),
  );
});

it("a cycle has an error of its own", () => {
  const error = failure("loop.equity");
  expect(error.code).toBe("import-parse");
  expect(error.others.map(({ code, file }) => [code, file])).toEqual([
    ["import-cycle", "loop.equity"],
  ]);
});

it("an error in an imported file comes along with its own place", () => {
  const error = failure("bad.equity");
  expect(error).toMatchObject({ code: "import-parse", names: ["bad.equity"] });
  expect(error.others[0]).toMatchObject({ code: "expected-token", file: "bad.equity", line: 1 });
});

it("missing files, unreadable files, no resolver", () => {
  expect(failure("none.equity").code).toBe("import-path");
  const unreadable = failure("broken.equity");
  expect(unreadable.code).toBe("import-read");
  expect(unreadable.cause).toMatchObject({ message: "disk on fire" });
  expect(() => compile(main("pay.equity"))).toThrow(
    expect.objectContaining({ code: "import-open" }),
  );
});

it("the dialect of the nodes has no imports", () => {
  expect(() => compile(main("pay.equity"), { dialect: "node", resolveImport })).toThrow(
    expect.objectContaining({ code: "expected-contract" }),
  );
});
