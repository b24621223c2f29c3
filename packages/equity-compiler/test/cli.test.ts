import { describe, expect, it } from "vitest";
import { main } from "../src/cli/main.ts";
import type { System } from "../src/cli/system.ts";
import { parseArtifact } from "../src/index.ts";

const OFFER = `contract Offer(wantAsset: Asset, wantAmount: Amount, maker: Program, makerKey: PublicKey) locks qty of kind {
  clause take() { lock wantAmount of wantAsset with maker  unlock qty of kind }
  clause withdraw(s: Signature) { verify checkTxSig(makerKey, s)  unlock qty of kind }
}
`;
const ASSET = "bb".repeat(32);
const KEY = "07".repeat(32);

/** Runs the command line against files in memory. */
async function run(args: string, files: { [path: string]: string } = { "offer.equity": OFFER }) {
  const out: string[] = [];
  const err: string[] = [];
  const changes: (() => void)[] = [];
  const system: System = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    read(path) {
      const text = files[path];
      if (text === undefined)
        throw Object.assign(new Error(`no ${path}`), { code: "ENOENT", syscall: "open" });
      return text;
    },
    write(path, text) {
      files[path] = text;
    },
    async watch(_paths, changed) {
      changes.push(changed);
    },
  };
  const code = await main(
    args.split(" ").filter((word) => word !== ""),
    system,
  );
  return { code, out: out.join("\n"), err: err.join("\n"), files, changes, lines: out };
}

describe("the historical command", () => {
  it("--bin --shift --instance", async () => {
    const { code, out } = await run(
      `offer.equity ${ASSET} 5 51 ${KEY} surplus --bin --shift --instance`,
    );
    expect(code).toBe(0);
    expect(out).toBe(`======= Offer =======
Binary:
547a6413000000007b7b51547ac1631a000000547a547aae7cac

Clause shift:
    take:  00000000
    withdraw:  13000000
    ending:  1a000000
NOTE: the clause selector is the index of the clause; its shift works for the first two only.
Instantiated program:
20${KEY}01515520${ASSET}741a547a6413000000007b7b51547ac1631a000000547a547aae7cac00c0
`);
  });

  it("--ast prints the compiler's JSON, with < > & as they are", async () => {
    const { out } = await run("a.equity --ast", {
      "a.equity":
        "contract A(a: Integer) locks q of k { clause s() { lock q of k with A(a < 2) unlock q of k } }"
          .replace("a: Integer", "a: Boolean")
          .replace("a < 2", "a && 1 < 2"),
    });
    expect(out.startsWith('======= A =======\nAst:\n{\n  "name": "A",\n')).toBe(true);
    expect(out).toContain('"source": "(a && (1 < 2))"');
  });

  it("instantiates the last contract of several, imported ones first", async () => {
    const { out, code } = await run("b.equity 51 --bin --instance", {
      "b.equity":
        "import './a.equity' contract B(p: Program) locks q of k { clause s() { lock q of k with A(p) } }",
      "a.equity": "contract A(p: Program) locks q of k { clause s() { lock q of k with p } }",
    });
    expect(code).toBe(0);
    expect(out.match(/======= . =======/g)).toEqual(["======= A =======", "======= B ======="]);
    expect(out.match(/Instantiated program/g)).toHaveLength(1);
  });

  it("names the parameters when arguments are missing", async () => {
    const { code, err } = await run(`offer.equity ${ASSET} --instance`);
    expect(code).toBe(255);
    expect(err).toBe(
      "Usage: equity Offer <wantAsset> <wantAmount> <maker> <makerKey>\ngot 1 argument(s), want 4",
    );
  });

  it.each([
    ["", 0],
    ["--version", 0],
    ["missing.equity --bin", 255],
    ["bad.equity --bin", 255],
    ["offer.equity --unknown", 255],
  ])("'%s' ends with %i", async (args, code) => {
    expect((await run(args, { "bad.equity": "contract", "offer.equity": OFFER })).code).toBe(code);
  });

  it("--version is the version of the language", async () => {
    expect((await run("--version")).out).toBe("0.1.1");
  });

  it("reports errors in the historical form", async () => {
    const { err } = await run("bad.equity", { "bad.equity": "contract Z(" });
    expect(err).toBe("parse error: line 1, col 11: expected identifier");
  });
});

describe("check", () => {
  it("prints diagnostics and fails on errors only", async () => {
    const files = {
      "w.equity": "contract A() locks q of k { clause s() { } }",
      "e.equity": "contract A() locks q of k { clause s() { verify 1 } }",
    };
    const warned = await run("check w.equity", files);
    expect([warned.code, warned.out.includes("warning[value-not-released]")]).toEqual([0, true]);
    const failed = await run("check e.equity w.equity", files);
    expect([failed.code, failed.out.includes("error[verify-type]")]).toEqual([1, true]);
  });

  it("--json", async () => {
    const { out } = await run("check e.equity --json", {
      "e.equity": "contract A() locks q of k { clause s() { verify 1 unlock q of k } }",
    });
    expect(JSON.parse(out)).toEqual([
      expect.objectContaining({
        code: "verify-type",
        severity: "error",
        file: "e.equity",
        start: { line: 1, column: 48 },
        names: ["s", "Integer"],
      }),
    ]);
  });

  it("--watch checks again after a change", async () => {
    const { files, changes, lines } = await run("check a.equity --json --watch", {
      "a.equity": "contract A() locks q of k { clause s() { unlock q of k } }",
    });
    files["a.equity"] = "contract";
    for (const change of changes) change();
    delete files["a.equity"];
    for (const change of changes) change();
    expect(lines.map((line) => JSON.parse(line).length)).toEqual([0, 1]);
  });

  it("--dialect node", async () => {
    const { out } = await run("check a.equity --dialect node", {
      "a.equity":
        "contract A(s: Sign) locks q of k { clause c() { verify size(s) == 1 unlock q of k } }",
    });
    expect(out).toContain("unknown type Sign");
  });
});

describe("build", () => {
  it("writes an artifact for each contract", async () => {
    const { code, files } = await run("build offer.equity --out artifacts");
    expect(code).toBe(0);
    expect(parseArtifact(JSON.parse(files["artifacts/Offer.json"] ?? "")).name).toBe("Offer");
  });

  it("--ts writes a module with types", async () => {
    const { files, out } = await run("build offer.equity --ts --json");
    expect(JSON.parse(out)).toEqual({ written: ["Offer.ts"] });
    expect(files["Offer.ts"]).toContain("export type OfferArguments = ContractArguments<");
    expect(files["Offer.ts"]).toContain('"bytecode": "547a64');
  });

  it("writes nothing for a file with errors", async () => {
    const { code, files, err } = await run("build bad.equity", { "bad.equity": "contract" });
    expect([code, Object.keys(files)]).toEqual([1, ["bad.equity"]]);
    expect(err).toContain("error[expected-identifier]");
  });
});

describe("fmt", () => {
  it("formats in place; --check only tells", async () => {
    const files = { "a.equity": OFFER.replaceAll("  ", " ") };
    expect((await run("fmt --check a.equity", { ...files })).code).toBe(1);
    const formatted = await run("fmt a.equity", files);
    expect([formatted.code, formatted.out]).toEqual([0, "a.equity"]);
    expect((await run("fmt --check a.equity", formatted.files)).code).toBe(0);
  });

  it("tells what it cannot parse", async () => {
    const { code, err } = await run("fmt a.equity", { "a.equity": "contract" });
    expect([code, err.includes("expected-identifier")]).toEqual([1, true]);
  });
});

describe("debug", () => {
  it("shows the source of each instruction and the outcome", async () => {
    const { code, out } = await run(
      `debug offer.equity ${ASSET} 5 51 ${KEY} --clause withdraw --args ${"09".repeat(64)} --trust-signatures`,
    );
    expect(code).toBe(0);
    expect(out).toContain("offer.equity:3:42  checkTxSig(makerKey, s)\n");
    expect(out).toContain("CHECKSIG");
    expect(out.split("\n").at(-1)).toContain("unlocked");
  });

  it("fails when the clause does not unlock", async () => {
    const base = `debug offer.equity ${ASSET} 5 51 ${KEY} --clause`;
    expect((await run(`${base} withdraw --args ${"09".repeat(64)}`)).code).toBe(1);
    expect((await run(`${base} take --output 4:${ASSET}:51`)).code).toBe(1);
    expect((await run(`${base} take --output 5:${ASSET}:51`)).code).toBe(0);
  });

  it("--json gives one object a step", async () => {
    const { lines } = await run(
      `debug offer.equity ${ASSET} 5 51 ${KEY} --clause take --output 5:${ASSET}:51 --json`,
    );
    const steps = lines.map((line) => JSON.parse(line));
    expect(steps.at(-1).type).toBe("end");
    expect(steps.find(({ name }) => name === "CHECKOUTPUT").source).toEqual({
      line: 2,
      column: 18,
    });
  });

  it.each([
    ["debug offer.equity --clause nothing", "no clause"],
    ["debug offer.equity --clause take", "got 0 argument(s), want 4"],
    ["debug offer.equity --contract Bid --clause take", 'no contract "Bid"'],
    [`debug offer.equity ${ASSET} 5 51 ${KEY} --clause take --height tall`, "height"],
  ])("%s is refused", async (args, message) => {
    const { code, err } = await run(args);
    expect([code, err.includes(message)]).toEqual([255, true]);
  });
});
