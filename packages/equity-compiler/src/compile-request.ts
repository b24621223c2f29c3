/**
 * The nodes' HTTP call `POST /compile`: a parsed JSON body in, the parsed JSON answer out.
 *
 * @see spec 30-equity, section 12 "HTTP API of the nodes"
 */
import { disassemble } from "@bystack/bvm";
import type { CompiledContract } from "./compiled.ts";
import { compile } from "./compiler.ts";
import { EquityError } from "./error.ts";
import { parseHex, toHex } from "./hex.ts";
import { type ContractArgument, instantiate } from "./instantiate.ts";
import { type ClauseJson, clauseJson, type NameTypeJson } from "./output-json.ts";
import { referenceMessage } from "./reference-message.ts";

/** What the call answers when everything went well. */
export interface CompileAnswerData {
  readonly name: string;
  readonly source: string;
  /** Hex of the contract's program, or of the control program when arguments were given. */
  readonly program: string;
  readonly params: readonly NameTypeJson[] | null;
  readonly value: string;
  readonly clause_info: readonly ClauseJson[];
  readonly opcodes: string;
  readonly error: "";
}

/** The body of an answer. */
export type CompileAnswer =
  | { readonly status: "success"; readonly data: CompileAnswerData }
  | {
      readonly status: "fail";
      readonly code: "BTM300" | "BTM301";
      readonly msg: string;
      readonly error_detail: string;
    }
  | {
      readonly status: "fail";
      readonly code: "BTM002";
      readonly msg: string;
      readonly detail: string;
      readonly temporary: false;
    };

/** HTTP status and body. */
export interface HttpAnswer {
  readonly httpStatus: 200 | 400;
  readonly body: CompileAnswer;
}

/**
 * Answers `POST /compile` in the dialect of the nodes. Never throws for what a client sent.
 *
 * @param request the parsed JSON body: `{ contract, args? }`; integers as bigint, or as number where
 * that is exact, so the JSON parser must not lose digits
 * @example
 * answerCompileRequest({ contract: "contract Open() locks n of a { clause take() { unlock n of a } }" });
 */
export function answerCompileRequest(request: unknown): HttpAnswer {
  const fields = isObject(request) ? request : {};
  const source = fields["contract"] ?? "";
  if (typeof source !== "string") return badRequest("contract must be a string");
  const args = parseArguments(fields["args"] ?? undefined);
  if (typeof args === "string") return badRequest(args);
  let contract: CompiledContract | undefined;
  try {
    contract = compile(source, { dialect: "node" }).at(-1);
    if (contract === undefined) throw new EquityError("expected-contract");
  } catch (error) {
    return failure(error, "BTM300", "Compile contract failed");
  }
  try {
    return answer(source, contract, args);
  } catch (error) {
    return failure(error, "BTM301", "Instantiate contract failed");
  }
}

function answer(
  source: string,
  contract: CompiledContract,
  args: readonly ContractArgument[] | undefined,
): HttpAnswer {
  const { name, parameters, value, clauses, body, dialect } = contract;
  const program = args === undefined ? body : instantiate(contract, args);
  const params = parameters.map(({ name, type, inferredType }) => ({
    name,
    type: inferredType ?? type,
  }));
  const data: CompileAnswerData = {
    name,
    source,
    program: toHex(program),
    params: params.length === 0 ? null : params,
    value: `${value.amount} of ${value.asset}`,
    clause_info: clauses.map((clause) => clauseJson(clause, dialect)),
    opcodes: args === undefined ? contract.opcodes : disassemble(program),
    error: "",
  };
  return { httpStatus: 200, body: { status: "success", data } };
}

function failure(error: unknown, code: "BTM300" | "BTM301", msg: string): HttpAnswer {
  if (!(error instanceof EquityError)) throw error;
  const error_detail = `${referenceMessage(error)}: ${msg.charAt(0).toLowerCase()}${msg.slice(1)}`;
  return { httpStatus: 200, body: { status: "fail", code, msg, error_detail } };
}

function badRequest(problem: string): HttpAnswer {
  const detail = `${problem}: check request parameters for missing and/or incorrect values`;
  const msg = "Invalid request body";
  return {
    httpStatus: 400,
    body: { status: "fail", code: "BTM002", msg, detail, temporary: false },
  };
}

/** The arguments; undefined when there is no list; a text when the request is bad. */
function parseArguments(value: unknown): ContractArgument[] | undefined | string {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return "args must be a list";
  const args: ContractArgument[] = [];
  for (const item of value as readonly unknown[]) {
    const argument = parseArgumentObject(item);
    if ("problem" in argument) return argument.problem;
    args.push(argument.value);
  }
  return args;
}

function parseArgumentObject(
  item: unknown,
): { readonly value: ContractArgument } | { readonly problem: string } {
  const fields = isObject(item) ? item : {};
  const boolean = fields["boolean"] ?? undefined;
  const integer = fields["integer"] ?? undefined;
  const string = fields["string"] ?? undefined;
  if (boolean !== undefined)
    return typeof boolean === "boolean"
      ? { value: boolean }
      : { problem: "boolean must be true or false" };
  if (integer !== undefined) {
    const value = int64(integer);
    return value === undefined ? { problem: "integer must be of 64 bits" } : { value };
  }
  if (string === undefined)
    return { problem: "contract arg must define one of boolean, integer, string" };
  if (typeof string !== "string") return { problem: "string must be hex" };
  const value = parseHex(string);
  return value === undefined ? { problem: hexProblem(string) } : { value };
}

function int64(value: unknown): bigint | undefined {
  const isExact = typeof value === "bigint" || Number.isSafeInteger(value);
  if (!isExact) return undefined;
  const integer = BigInt(value as bigint | number);
  return BigInt.asIntN(64, integer) === integer ? integer : undefined;
}

/** What the nodes say about a text that is no hex. */
function hexProblem(text: string): string {
  const bad = /[^0-9a-fA-F]/u.exec(text)?.[0];
  if (bad === undefined) return "encoding/hex: odd length hex string";
  const codePoint = (bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `encoding/hex: invalid byte: U+${codePoint} '${bad}'`;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
