import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { chainSuite } from "../src/ledger/chain-suite.ts";
import { suite as ledger } from "../src/ledger/index.ts";
import { ANY_ERROR } from "../src/ledger/reference-error.ts";
import type { Suite } from "../src/runner.ts";
import { suite as vapor } from "../src/vapor/index.ts";

const VECTORS = new URL("../../../vectors/", import.meta.url);
/** Values of each field that are changed. */
const SAMPLES = 3;

type Path = readonly (string | number)[];

/** A value that a correct handler must tell from the other; an integer stays one, and hex hex. */
function changed(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (Array.isArray(value) || value === null) return ["00"];
  if (typeof value !== "string") return { soft: "fork" };
  if (value === "") return "00";
  if (/^-?\d{1,39}$/.test(value)) return String(BigInt(value) + 1n);
  return value.slice(0, -1) + (value.endsWith("0") ? "1" : "0");
}

/** Where a file has values, by the name of the field: `inputs.*.amount`. */
function valuesOf(value: unknown, path: Path = [], found = new Map<string, Path[]>()) {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) {
    const name = path.map((step) => (typeof step === "number" ? "*" : step)).join(".");
    found.set(name, [...(found.get(name) ?? []), path]);
  }
  for (const [key, item] of entries)
    valuesOf(item, [...path, Array.isArray(value) ? Number(key) : key], found);
  return found;
}

function valueAt(file: unknown, path: Path): unknown {
  return path.reduce((at, key) => (at as Record<string | number, unknown>)[key], file);
}

/** A copy of the file with one value changed. */
function withChange(file: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return changed(file);
  if (Array.isArray(file)) return file.map((x, i) => (i === key ? withChange(x, rest) : x));
  const fields = file as Record<string, unknown>;
  return { ...fields, [key]: withChange(fields[key], rest) };
}

/** The file with nothing but the case that the path leads into, where cases are by themselves. */
function only(file: unknown, path: Path): [unknown, Path] {
  const [list, index, ...rest] = path;
  if (typeof list === "number" && Array.isArray(file)) return [[file[list]], [0, ...path.slice(1)]];
  if (typeof list !== "string" || typeof index !== "number") return [file, path];
  const cases = (file as Record<string, unknown[]>)[list] ?? [];
  return [{ [list]: [cases[index]] }, [list, 0, ...rest]];
}

/** Does a run of the file fail? */
async function fails(suite: Suite, kind: string, file: unknown): Promise<boolean> {
  let hasFailed = false;
  const fail = () => {
    hasFailed = true;
  };
  try {
    await suite[kind]?.(file, {
      options: {},
      note() {},
      load: fail,
      check(_label, body) {
        try {
          const result = body();
          return result instanceof Promise ? result.catch(fail) : undefined;
        } catch {
          return fail();
        }
      },
    });
  } catch {
    return true;
  }
  return hasFailed;
}

/** What is for people, and what a case is about: another question may have the same answer. */
const COMMENTS = ["note", "name", "origin"];

const KINDS: readonly [suite: string, kind: string, inputs: readonly string[]][] = [
  ["ledger", "address", ["decode.*.address"]],
  ["ledger", "asset_id", []],
  ["ledger", "block", ["decode.*.text"]],
  ["ledger", "block_header", ["decode.*.text"]],
  [
    "ledger",
    "difficulty",
    [
      "compare.*.bits",
      "retarget.*.last_bits",
      "retarget.*.last_height",
      "retarget.*.last_timestamp",
      "retarget.*.compare_timestamp",
      "to_compact.*.big",
    ],
  ],
  ["ledger", "genesis", []],
  ["ledger", "literals", []],
  ["ledger", "merkle_root", []],
  [
    "ledger",
    "merkle_proof",
    [
      "*.tampered.*.flags.*",
      "*.tampered.*.hashes",
      "*.tampered.*.hashes.*",
      "*.tampered.*.related",
      "*.tampered.*.related.*",
      "*.tampered.*.root",
    ],
  ],
  ["ledger", "primitives", ["varint_decode.*.hex", "varstr_list_decode.*.hex"]],
  [
    "ledger",
    "programs",
    [
      "classify.*.program",
      "multisig.*.block_height",
      "multisig.*.public_keys",
      "multisig.*.public_keys.*",
      "multisig.*.quorum",
    ],
  ],
  ["ledger", "subsidy", ["*.height"]],
  ["ledger", "tx", []],
  ["ledger", "tx_decode", ["*.raw", "*.text", "*.reject"]],
  ["ledger", "tx_suffixes", []],
  [
    "ledger",
    "tx_validation",
    ["*.block.height", "*.block.version", "*.first_in_block", "*.serialized_size_override"],
  ],
  ["ledger", "chain_reorg", []],
  ["vapor", "block_headers", ["header_decoding.*.hex"]],
  ["vapor", "networks", ["*.block_subsidy.*.height"]],
  ["vapor", "transaction_decoding", ["*.hex"]],
  ["vapor", "transactions", []],
];

it.each(KINDS)("a change of any field of %s/%s is noticed", async (folder, kind, inputs) => {
  const suite: Suite = folder === "vapor" ? vapor : { ...ledger, ...chainSuite };
  const file: unknown = JSON.parse(
    readFileSync(new URL(`${folder}/${kind}.json`, VECTORS), "utf8"),
  );
  const isChain = kind === "chain_reorg";
  if (isChain) {
    const chain = file as Record<string, unknown[]>;
    chain["steps"] = chain["steps"]?.slice(0, 12) ?? [];
    delete chain["final_utxos"];
  }
  expect(await fails(suite, kind, file)).toBe(false);
  const unnoticed: string[] = [];
  for (const [name, paths] of valuesOf(file)) {
    if (inputs.includes(name) || COMMENTS.includes(name.split(".").at(-1) ?? "")) continue;
    const step = Math.max(1, Math.ceil(paths.length / SAMPLES));
    for (const path of paths.filter((_, i) => i % step === 0)) {
      if (valueAt(file, path) === ANY_ERROR) continue;
      const [part, at] = isChain ? [file, path] : only(file, path);
      if (!(await fails(suite, kind, withChange(part, at)))) unnoticed.push(path.join("."));
    }
  }
  expect(unnoticed).toEqual([]);
});
