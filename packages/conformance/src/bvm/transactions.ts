import {
  bytom,
  type Dialect,
  decodeTransaction,
  type InputEntry,
  type MappedTransaction,
  mapTransaction,
  type ResultEntry,
  signatureHash,
  vapor,
} from "@bystack/butxo";
import {
  type Context,
  checkOutputAmong,
  type Destination,
  mainChain,
  sideChain,
  type VmDialect,
} from "@bystack/bvm";
import {
  bytes,
  count,
  equal,
  type Fields,
  ifPresent,
  integer,
  list,
  object,
  text,
  UnreadableCase,
} from "../check.ts";
import type { Handler } from "../runner.ts";
import { checkRun, readArguments, readLimit } from "./outcome.ts";

/** Programs that run in the context of a whole transaction. */
function transactions(dialect: Dialect, vm: VmDialect): Handler {
  return (file, context) => {
    for (const [index, item] of list(object(file, "file")["vectors"], "vectors").entries())
      context.check(`#${index}`, () => checkInput(object(item, "case"), dialect, vm));
  };
}

export const mainChainTransactions: Handler = transactions(bytom, mainChain);
export const sideChainTransactions: Handler = transactions(vapor, sideChain);

function checkInput(fields: Fields, dialect: Dialect, vm: VmDialect): void {
  const transaction = decodeTransaction(bytes(fields["raw_tx"], "raw_tx"), dialect);
  const mapped = mapTransaction(transaction);
  ifPresent(fields, "tx_id", (id) => equal(mapped.id, bytes(id, "tx_id"), "tx_id"));
  const index = count(fields["input"], "input");
  const entry = mapped.inputEntries[index];
  if (entry === undefined || entry.type === "coinbase1")
    throw new UnreadableCase("an input that runs no program");
  ifPresent(fields, "input_type", (name) => equal(INPUT_TYPES[entry.type], name, "input_type"));
  ifPresent(fields, "txv", (version) =>
    equal(mapped.transaction.version, integer(version, "txv"), "txv"),
  );
  const { program, context } = inputContext(mapped, entry, index, fields);
  const expected = object(fields["ctx"] ?? fields, "context");
  checkContext(expected, context);
  const { outputs = null } = expected;
  if (outputs !== null)
    equal(mapped.resultEntries.map(destinationFields), destinationList(outputs), "outputs");
  ifPresent(fields, "control_program", (hex) =>
    equal(program, bytes(hex, "control_program"), "control_program"),
  );
  const executed = vm.convertProgram(program);
  for (const name of ["executed_program", "prog"])
    ifPresent(fields, name, (hex) => equal(executed, bytes(hex, name), name));
  equal(entry.arguments, readArguments(fields), "args");
  const instructionSet = vm.instructions;
  const limit = readLimit(fields);
  checkRun({ program: executed, args: entry.arguments, context, limit, instructionSet }, fields);
}

/** The files' names of inputs, by the type of their entry. */
const INPUT_TYPES: { readonly [Type in GuardedEntry["type"]]: string } = {
  issuance1: "issuance",
  spend1: "spend",
  vetoInput1: "veto",
  crosschaininput1: "crosschain",
};

type GuardedEntry = Exclude<InputEntry, { readonly type: "coinbase1" }>;

/** The program of an input with the context in which it runs. */
function inputContext(
  mapped: MappedTransaction,
  entry: GuardedEntry,
  index: number,
  fields: Fields,
): { readonly program: Uint8Array; readonly context: Context } {
  const shared = {
    entryId: entry.id,
    txVersion: mapped.transaction.version,
    blockHeight: integer(fields["block_height"], "block_height"),
    destinationPosition: entry.destination.position,
    signatureHash: () => signatureHash(mapped, index),
  };
  const checkOutput = checkOutputAmong(mapped.resultEntries.map(destination));
  switch (entry.type) {
    case "issuance1": {
      const { vmVersion, code } = entry.issuanceProgram;
      return { program: code, context: { ...shared, ...entry.value, vmVersion, checkOutput } };
    }
    case "spend1":
    case "vetoInput1": {
      const { vmVersion, code } = entry.spentOutput.program;
      const { value } = entry.spentOutput.source;
      const spentOutputId = entry.spentOutputId;
      return {
        program: code,
        context: { ...shared, ...value, vmVersion, spentOutputId, checkOutput },
      };
    }
    case "crosschaininput1": {
      const { vmVersion, code } = entry.issuanceProgram;
      const { value } = entry.mainchainOutput.source;
      const spentOutputId = entry.mainchainOutputId;
      return {
        program: code,
        context: { ...shared, ...value, vmVersion, spentOutputId, checkOutput: () => "context" },
      };
    }
    default:
      return entry satisfies never;
  }
}

function destination(entry: ResultEntry): Destination {
  const { assetId, amount } = entry.source.value;
  switch (entry.type) {
    case "retirement1":
      return { type: "retirement", assetId, amount };
    case "crosschainoutput1":
      return { type: "other" };
    case "output1":
    case "intrachainoutput1":
    case "voteoutput1": {
      const { vmVersion, code } = entry.program;
      return { type: "output", assetId, amount, vmVersion, program: code };
    }
    default:
      return entry satisfies never;
  }
}

/** A destination of the mux in the files' fields; what a retirement's program says is not visible. */
function destinationFields(entry: ResultEntry): Fields {
  const seen = destination(entry);
  if (seen.type === "other" || seen.type === "missing") return { kind: seen.type };
  const isOutput = seen.type === "output";
  return {
    kind: seen.type,
    asset: seen.assetId,
    amount: seen.amount,
    vm_version: isOutput ? seen.vmVersion : 0n,
    program: isOutput ? seen.program : "",
  };
}

function destinationList(outputs: unknown): Fields[] {
  return list(outputs, "outputs").map((item) => {
    const fields = object(item, "output");
    const kind = text(fields["kind"], "kind");
    if (kind === "other" || kind === "missing") return { kind };
    const { asset, amount, vm_version, program } = fields;
    return { kind, asset, amount, vm_version, program };
  });
}

/** Compares the fields that the file states; null is an absent one. */
function checkContext(fields: Fields, context: Context): void {
  const facts = {
    vm_version: context.vmVersion,
    entry_id: context.entryId,
    block_height: context.blockHeight,
    asset_id: context.assetId,
    amount: context.amount,
    dest_pos: context.destinationPosition,
    spent_output_id: context.spentOutputId,
    tx_sig_hash: context.signatureHash?.(),
  };
  for (const [name, actual] of Object.entries(facts)) {
    ifPresent(fields, name, (expected) => {
      if (expected === null || actual === undefined) equal(actual ?? null, expected, name);
      else if (typeof actual === "bigint") equal(actual, integer(expected, name), name);
      else equal(actual, bytes(expected, name), name);
    });
  }
}
