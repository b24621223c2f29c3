/**
 * Compiled contracts in the hands of an application: control programs that lock value, witnesses
 * that unlock it, both with arguments by name.
 *
 * @see spec 30-equity, section 8 "Instantiation"
 */
import { int64Bytes } from "@bystack/bvm";
import type { ArtifactParameter, ContractInterface } from "./artifact.ts";
import type {
  ClauseArguments,
  ClauseName,
  ClauseWitness,
  ContractArguments,
  SignaturePlaceholder,
  WitnessArgument,
} from "./contract-types.ts";
import { EquityError } from "./error.ts";
import { parseHex } from "./hex.ts";
import { type ContractArgument, composedProgram, instantiate } from "./instantiate.ts";

/** A contract with typed arguments; {@link contract} makes it. */
export interface Contract<C extends ContractInterface> {
  readonly artifact: C;
  /**
   * The control program that locks value with the contract and these arguments.
   *
   * @throws {@link EquityError} `argument-format` | `argument-count`
   */
  instantiate(args: ContractArguments<C>): Uint8Array;
  /**
   * The control program that another contract composes when it locks value with this one. It does
   * the same as that of {@link Contract.instantiate}, but small numbers are pushed as data, so the
   * bytes differ. An output must have exactly these bytes for the other contract to accept it.
   *
   * @throws {@link EquityError} `argument-format` | `argument-count`
   * @see spec 30-equity, section 7.6, the trap
   */
  composed(args: ContractArguments<C>): Uint8Array;
  /**
   * The witness arguments that unlock value by a clause.
   *
   * @throws {@link EquityError} `unknown-clause` | `argument-format` | `argument-count`
   */
  unlock<const Name extends ClauseName<C>>(
    clause: Name,
    args: ClauseArguments<C, Name>,
  ): ClauseWitness<C, Name>;
}

/**
 * Makes a compiled contract usable. Names and types of the arguments are inferred when the artifact
 * is declared `as const`.
 *
 * @throws {@link EquityError} `bad-artifact` when the bytecode is no hex
 * @example
 * const lock = contract(offerArtifact);
 * const program = lock.instantiate({ wantAsset, wantAmount: 5n, maker, makerKey });
 * const witness = lock.unlock("withdraw", { s: signatureBy(makerSigner) });
 */
export function contract<const C extends ContractInterface>(artifact: C): Contract<C> {
  const body = parseHex(artifact.bytecode);
  if (body === undefined) throw new EquityError("bad-artifact", { names: ["bytecode"] });
  const { params: parameters, recursive } = artifact;
  const locking = { parameters, recursive, body, dialect: "0.1.1" } as const;
  return {
    artifact,
    instantiate: (args) => instantiate(locking, readArguments(parameters, args)),
    composed: (args) => composedProgram(locking, readArguments(parameters, args).map(itemOf)),
    unlock(clauseName, args) {
      const index = artifact.clauses.findIndex(({ name }) => name === clauseName);
      const clause = artifact.clauses[index];
      if (clause === undefined)
        throw new EquityError("unknown-clause", { names: [clauseName, artifact.name] });
      const witness: WitnessArgument[] = clause.params.map((parameter) =>
        witnessArgument(parameter, argumentOf(parameter, args)),
      );
      checkNames(clause.params, args);
      if (artifact.clauses.length > 1) witness.push(int64Bytes(BigInt(index)));
      // Placeholders can only stand where a clause has a Signature.
      return witness as ClauseWitness<C, typeof clauseName>;
    },
  };
}

/**
 * A signature that the transaction builder makes later, by whatever `signer` means to it.
 *
 * @example
 * lock.unlock("withdraw", { signature: signatureBy({ account: "alice" }) });
 */
export function signatureBy(signer: unknown): SignaturePlaceholder {
  return { type: "signature", signer };
}

function readArguments(parameters: readonly ArtifactParameter[], args: object): ContractArgument[] {
  checkNames(parameters, args);
  return parameters.map((parameter) => {
    const value = readArgument(parameter, argumentOf(parameter, args));
    if (value instanceof Uint8Array || typeof value !== "object") return value;
    throw wrong(parameter, "a placeholder");
  });
}

function checkNames(parameters: readonly ArtifactParameter[], args: object): void {
  const given = Object.keys(args).length;
  if (given !== parameters.length)
    throw new EquityError("argument-count", { names: [`${given}`, `${parameters.length}`] });
}

function argumentOf({ name, type }: ArtifactParameter, args: object): unknown {
  if (Object.hasOwn(args, name)) return (args as { readonly [name: string]: unknown })[name];
  throw wrong({ name, type }, "missing");
}

function witnessArgument(parameter: ArtifactParameter, value: unknown): WitnessArgument {
  const argument = readArgument(parameter, value);
  if (argument instanceof Uint8Array || typeof argument !== "object") return itemOf(argument);
  return argument;
}

/** The stack item that an argument is. */
function itemOf(argument: ContractArgument): Uint8Array {
  if (typeof argument === "bigint") return int64Bytes(argument);
  if (typeof argument === "boolean") return argument ? Uint8Array.of(1) : new Uint8Array(0);
  return argument;
}

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** Lengths in bytes of types that have one. */
const LENGTHS: { readonly [type: string]: number } = {
  Asset: 32,
  Hash: 32,
  PublicKey: 32,
  Sign: 64,
  Signature: 64,
};

function readArgument(
  parameter: ArtifactParameter,
  value: unknown,
): ContractArgument | SignaturePlaceholder {
  const { type } = parameter;
  if (type === "Boolean") {
    if (typeof value === "boolean") return value;
    throw wrong(parameter, describe(value));
  }
  if (type === "Amount" || type === "Integer") {
    const least = type === "Amount" ? 0n : MIN_INT64;
    if (typeof value === "bigint" && value >= least && value <= MAX_INT64) return value;
    throw wrong(parameter, describe(value));
  }
  if (type === "Signature" && isPlaceholder(value)) return value;
  const bytes = readBytes(parameter, value);
  const length = LENGTHS[type];
  if (length === undefined || bytes.length === length) return bytes;
  throw wrong(parameter, `${bytes.length} bytes, not ${length}`);
}

function readBytes(parameter: ArtifactParameter, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== "string") throw wrong(parameter, describe(value));
  if (parameter.type === "String") return new TextEncoder().encode(value);
  const bytes = parseHex(value);
  if (bytes === undefined) throw wrong(parameter, "not hex");
  return bytes;
}

function isPlaceholder(value: unknown): value is SignaturePlaceholder {
  return (
    typeof value === "object" && value !== null && "type" in value && value.type === "signature"
  );
}

function describe(value: unknown): string {
  return typeof value === "bigint" ? `${value}` : `a ${typeof value}`;
}

function wrong({ name, type }: ArtifactParameter, found: string): EquityError {
  return new EquityError("argument-format", { names: [name, type, found] });
}
