/**
 * The artifact: all that an application needs of a compiled contract, as plain JSON.
 */
import type { CompiledContract, CompiledParameter } from "./compiled.ts";
import type { Dialect } from "./dialect.ts";
import { EquityError } from "./error.ts";
import { parseHex, toHex } from "./hex.ts";
import { characterOffset } from "./source.ts";
import { isTypeName, type NamedType } from "./types.ts";
import { COMPILER_VERSION } from "./version.ts";

/** A parameter as callers see it. */
export interface ArtifactParameter {
  readonly name: string;
  readonly type: NamedType;
}

/** A clause as callers see it. */
export interface ArtifactClause {
  readonly name: string;
  readonly params: readonly ArtifactParameter[];
}

/** The part of an artifact that locking and unlocking value takes. */
export interface ContractInterface {
  readonly name: string;
  readonly params: readonly ArtifactParameter[];
  readonly clauses: readonly ArtifactClause[];
  /** Hex of the program without arguments. */
  readonly bytecode: string;
  readonly recursive: boolean;
}

/** A compiled contract as JSON. */
export interface Artifact extends ContractInterface {
  readonly format: "equity-artifact-1";
  /** Version of the compiler. */
  readonly compiler: string;
  readonly dialect: Dialect;
  /** Names that the contract gives to the locked value. */
  readonly value: { readonly amount: string; readonly asset: string };
  /** Assembler text of the bytecode. */
  readonly opcodes: string;
  readonly file: string;
  readonly source: string;
  /**
   * For each instruction its address in the bytecode, and the characters `start <= i < end` of
   * `source` that it was generated for.
   */
  readonly sourceMap: readonly SourceMapEntry[];
}

/** Address of an instruction in bytes, and the characters of the source from start to end. */
export type SourceMapEntry = readonly [address: number, start: number, end: number];

/**
 * The artifact of a compiled contract.
 *
 * @example
 * writeFileSync("offer.json", JSON.stringify(artifactOf(compiled)));
 */
export function artifactOf(contract: CompiledContract): Artifact {
  const { name, parameters, clauses, body, recursive, dialect, value, opcodes, source } = contract;
  const params = (list: readonly CompiledParameter[]): ArtifactParameter[] =>
    list.map(({ name, type }) => ({ name, type }));
  return {
    format: "equity-artifact-1",
    compiler: COMPILER_VERSION,
    dialect,
    name,
    params: params(parameters),
    clauses: clauses.map(({ name, parameters }) => ({ name, params: params(parameters) })),
    value,
    recursive,
    bytecode: toHex(body),
    opcodes,
    file: source.file,
    source: source.text,
    sourceMap: contract.origins().map(({ address, range }): SourceMapEntry => {
      const { start, end } = range;
      return [address, characterOffset(source, start), characterOffset(source, end)];
    }),
  };
}

/**
 * Reads an artifact that comes from outside, such as a file.
 *
 * @param json the parsed JSON
 * @throws {@link EquityError} `bad-artifact`; `names` has the field
 * @example
 * contract(parseArtifact(JSON.parse(readFileSync("offer.json", "utf8"))));
 */
export function parseArtifact(json: unknown): Artifact {
  const fields = record(json, "artifact");
  const dialect = fields["dialect"];
  if (fields["format"] !== "equity-artifact-1") throw bad("format");
  if (dialect !== "0.1.1" && dialect !== "node") throw bad("dialect");
  const value = record(fields["value"], "value");
  const recursive = fields["recursive"];
  if (typeof recursive !== "boolean") throw bad("recursive");
  const bytecode = text(fields, "bytecode");
  if (parseHex(bytecode) === undefined) throw bad("bytecode");
  return {
    format: "equity-artifact-1",
    compiler: text(fields, "compiler"),
    dialect,
    name: text(fields, "name"),
    params: parameters(fields["params"], dialect),
    clauses: list(fields["clauses"], "clauses").map((item) => {
      const clause = record(item, "clauses");
      return { name: text(clause, "name"), params: parameters(clause["params"], dialect) };
    }),
    value: { amount: text(value, "amount"), asset: text(value, "asset") },
    recursive,
    bytecode,
    opcodes: text(fields, "opcodes"),
    file: text(fields, "file"),
    source: text(fields, "source"),
    sourceMap: list(fields["sourceMap"], "sourceMap").map((item): SourceMapEntry => {
      const [address, start, end] = list(item, "sourceMap").map(offset);
      if (address === undefined || start === undefined || end === undefined) throw bad("sourceMap");
      return [address, start, end];
    }),
  };
}

function parameters(value: unknown, dialect: Dialect): ArtifactParameter[] {
  return list(value, "params").map((item) => {
    const fields = record(item, "params");
    const type = text(fields, "type");
    if (!isTypeName(type, dialect)) throw bad("type");
    return { name: text(fields, "name"), type };
  });
}

function record(value: unknown, field: string): { readonly [field: string]: unknown } {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as { readonly [field: string]: unknown };
  throw bad(field);
}

function list(value: unknown, field: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw bad(field);
}

function text(fields: { readonly [field: string]: unknown }, field: string): string {
  const value = fields[field];
  if (typeof value === "string") return value;
  throw bad(field);
}

function offset(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw bad("sourceMap");
}

function bad(field: string): EquityError {
  return new EquityError("bad-artifact", { names: [field] });
}
