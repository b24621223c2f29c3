/**
 * Code of calls: built-in functions, and contracts, whose program is put together on the stack.
 *
 * @see spec 30-equity, section 7.6 "Expressions"
 */
import type { CallExpression, Expression, ListExpression } from "./ast.ts";
import { expressionText } from "./ast.ts";
import type { Builtin } from "./builtins.ts";
import type { ContractState } from "./environment.ts";
import { calleeOf, typeOf } from "./expression-type.ts";
import { dataText, generateExpression } from "./generate-expression.ts";
import { type ClauseGeneration, failure, reference } from "./generation.ts";
import { nearest } from "./suggest.ts";
import { explainType } from "./suggest-type.ts";

export function generateCall(generation: ClauseGeneration, call: CallExpression): string {
  const { environment, contract } = generation;
  const entry = calleeOf(call, environment);
  if (entry?.builtin !== undefined) return generateBuiltin(generation, call, entry.builtin);
  if (entry?.contract !== undefined) return generateContract(generation, call, entry.contract);
  const name = expressionText(call.callee);
  throw failure(contract, "unknown-function", call.callee.range, {
    names: [name],
    hint: nearest(name, environment.names()),
  });
}

function generateBuiltin(
  generation: ClauseGeneration,
  call: CallExpression,
  builtin: Builtin,
): string {
  const { contract, environment, emitter, hashCalls } = generation;
  const { name } = builtin;
  const [have, want] = [call.arguments.length, builtin.arguments.length];
  if (have !== want)
    throw failure(contract, "builtin-arg-count", call.range, {
      names: [name, `${have}`, `${want}`],
    });
  if (name === "checkTxMultiSig") return generateMultisig(generation, call);
  const texts: string[] = [];
  let cells = 0;
  for (const argument of call.arguments.toReversed()) {
    if (argument.type === "list") {
      texts.unshift(generateList(generation, argument));
      cells += argument.elements.length + 1;
    } else {
      texts.unshift(generateExpression(generation, argument));
      cells++;
    }
  }
  for (const [index, argument] of call.arguments.entries()) {
    const must = builtin.arguments[index];
    const has = typeOf(argument, environment);
    if (must === undefined || has === must) continue;
    throw failure(contract, "builtin-arg-type", argument.range, {
      names: [`${index}`, name, has, must],
      hint: explainType(has, must),
    });
  }
  const [argument] = call.arguments;
  if ((name === "sha3" || name === "sha256") && argument !== undefined)
    hashCalls.push({
      hash: name,
      argument: texts[0] ?? "",
      argumentType: typeOf(argument, environment),
    });
  const text = `${name}(${texts.join(", ")})`;
  emitter.range = call.range;
  emitter.replace(builtin.opcodes, cells, text);
  return text;
}

/** Pushes the elements, last first, and their number. */
function generateList(generation: ClauseGeneration, list: ListExpression): string {
  const texts: string[] = [];
  for (const element of list.elements.toReversed())
    texts.unshift(generateExpression(generation, element));
  const { emitter } = generation;
  emitter.range = list.range;
  emitter.push(`${texts.length}`, `${texts.length}`);
  return `[${texts.join(", ")}]`;
}

function generateMultisig(generation: ClauseGeneration, call: CallExpression): string {
  const { contract, emitter } = generation;
  const [keys, signatures] = call.arguments.map((argument, index): ListExpression => {
    if (argument.type === "list") return argument;
    throw failure(contract, "multisig-needs-list", argument.range, {
      names: [`${index}`],
      hint: "write checkTxMultiSig([key1, key2], [signature1, signature2])",
    });
  }) as [ListExpression, ListExpression];
  const signatureTexts = generateList(generation, signatures);
  const count = `${signatures.elements.length}`;
  emitter.consume("TOALTSTACK");
  emitter.range = call.range;
  emitter.push("TXSIGHASH", "<txsighash>");
  const keyTexts = generateList(generation, keys);
  emitter.range = call.range;
  emitter.push("FROMALTSTACK", count);
  emitter.swap();
  const text = `checkTxMultiSig(${keyTexts}, ${signatureTexts})`;
  // The historical model forgets the signature hash, so that one cell too many stays.
  generation.multisig = call;
  emitter.replace("CHECKMULTISIG", keys.elements.length + signatures.elements.length + 2, text);
  return text;
}

function generateContract(
  generation: ClauseGeneration,
  call: CallExpression,
  callee: ContractState,
): string {
  const { contract, emitter, calledContracts } = generation;
  const { name, parameters } = callee.syntax;
  calledContracts.push(name.text);
  emitter.push("0", "0");
  if (call.arguments.length !== parameters.length)
    throw failure(contract, "contract-arg-count", call.range, {
      names: [name.text, `${parameters.length}`, `${call.arguments.length}`],
      hint: `its parameters are (${parameters.map((p) => `${p.name.text}: ${p.declared}`).join(", ")})`,
    });
  const partial = `${name.text}(...)`;
  const texts: string[] = [];
  for (let index = parameters.length - 1; index >= 0; index--) {
    const argument = call.arguments[index];
    if (argument === undefined) continue;
    checkContractArgument(generation, argument, callee, index);
    texts.unshift(generateExpression(generation, argument));
    emitter.range = call.range;
    emitter.replace("CATPUSHDATA", 2, partial);
  }
  emitter.range = call.range;
  const text = `${name.text}(${texts.join(", ")})`;
  if (callee === contract) {
    reference(generation, name.text, call.callee.range);
    emitter.replace("CATPUSHDATA", 2, partial);
  } else appendBody(generation, call, callee, partial);
  if (callee.recursive) {
    emitter.push("0x7478", "0x7478");
    emitter.replace("CAT", 2, partial);
  }
  emitter.push("0", "0");
  emitter.replace("CATPUSHDATA", 2, partial);
  emitter.push("192", "192");
  emitter.replace("CAT", 2, text);
  return text;
}

function checkContractArgument(
  { contract, environment }: ClauseGeneration,
  argument: Expression,
  { syntax: { name, parameters } }: ContractState,
  index: number,
): void {
  const must = parameters[index]?.declared ?? "";
  const has = typeOf(argument, environment);
  if (has === must || (must === "Amount" && has === "Integer")) return;
  throw failure(contract, "contract-arg-type", argument.range, {
    names: [`${index}`, name.text, has, must],
    hint: explainType(has, must),
  });
}

/** Appends the other contract's program to the one that is being put together. */
function appendBody(
  { contract, emitter }: ClauseGeneration,
  call: CallExpression,
  callee: ContractState,
  partial: string,
): void {
  const { body, syntax } = callee;
  if (!callee.recursive) {
    emitter.push("116", "116");
    emitter.replace("CAT", 2, partial);
  }
  if (body === undefined)
    throw failure(contract, "contract-not-compiled-yet", call.callee.range, {
      names: [syntax.name.text],
      hint: "move its definition before this contract; two contracts cannot call each other",
    });
  emitter.push(dataText(body), dataText(body));
  emitter.replace("CATPUSHDATA", 2, partial);
}
