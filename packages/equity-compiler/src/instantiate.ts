/**
 * Control programs: the program of a contract with its arguments.
 *
 * @see spec 30-equity, section 8 "Instantiation"
 */
import { ProgramBuilder } from "@bystack/bvm";
import type { Dialect } from "./dialect.ts";
import { EquityError } from "./error.ts";

/** An argument in the machine's terms. */
export type ContractArgument = boolean | bigint | Uint8Array;

/** What instantiating needs to know of a contract. */
export interface Instantiable {
  readonly parameters: readonly { readonly type: string }[];
  readonly body: Uint8Array;
  readonly recursive: boolean;
  readonly dialect: Dialect;
}

const CHECKPREDICATE = 0xc0;
const DEPTH = 0x74;
const OVER = 0x78;

/**
 * The control program that locks value with a contract and these arguments.
 *
 * @param args in the order of the parameters: bigint for Amount and Integer, boolean for Boolean,
 * bytes for everything else; undefined leaves a parameter out, as the historical command line does
 * for types that it cannot write
 * @throws {@link EquityError} `argument-count` | `argument-type`
 * @throws RangeError when a number is not a signed 64-bit integer
 * @example
 * instantiate(lock, [5n]); // 55 74, the body, 00 c0
 */
export function instantiate(
  contract: Instantiable,
  args: readonly (ContractArgument | undefined)[],
): Uint8Array {
  const { parameters, dialect } = contract;
  if (args.length !== parameters.length)
    throw new EquityError("argument-count", { names: [`${args.length}`, `${parameters.length}`] });
  for (const [index, { type }] of parameters.entries()) {
    const argument = args[index];
    const want = argumentKind(type, dialect);
    if (argument !== undefined && want !== undefined && kindOf(argument) !== want)
      throw new EquityError("argument-type", { names: [`${index}`, want] });
  }
  const builder = new ProgramBuilder();
  for (const argument of args.toReversed()) pushArgument(builder, argument);
  return addPredicate(builder, contract);
}

function pushArgument(builder: ProgramBuilder, argument: ContractArgument | undefined): void {
  if (argument === undefined) return;
  if (typeof argument === "boolean") builder.addInt(argument ? 1n : 0n);
  else if (typeof argument === "bigint") builder.addInt(argument);
  else builder.addData(argument);
}

/**
 * The control program that a contract composes on the stack when it locks value with another one:
 * every argument is pushed as data, small numbers too.
 *
 * @param args stack items in the order of the parameters
 * @see spec 30-equity, section 7.6, call of a contract
 */
export function composedProgram(contract: Instantiable, args: readonly Uint8Array[]): Uint8Array {
  const builder = new ProgramBuilder();
  for (const argument of args.toReversed()) builder.addData(argument);
  return addPredicate(builder, contract);
}

/** Checks the body with everything on the stack, a recursive one with itself on top. */
function addPredicate(builder: ProgramBuilder, { body, recursive }: Instantiable): Uint8Array {
  if (!recursive) builder.addOp(DEPTH);
  builder.addData(body);
  if (recursive) builder.addOp(DEPTH).addOp(OVER);
  return builder.addInt(0n).addOp(CHECKPREDICATE).build();
}

function kindOf(argument: ContractArgument): "boolean" | "integer" | "string" {
  if (typeof argument === "boolean") return "boolean";
  return typeof argument === "bigint" ? "integer" : "string";
}

/** Kind of argument that a parameter takes; undefined when it is not checked. */
function argumentKind(
  type: string,
  dialect: Dialect,
): "boolean" | "integer" | "string" | undefined {
  switch (type) {
    case "Amount":
    case "Integer":
      return "integer";
    case "Boolean":
      return "boolean";
    case "Asset":
    case "Hash":
    case "Program":
    case "PublicKey":
    case "Signature":
    case "String":
      return "string";
    case "Sign":
      return dialect === "node" ? undefined : "string";
    default:
      return undefined;
  }
}
