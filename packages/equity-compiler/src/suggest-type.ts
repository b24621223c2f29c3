import { isHashSubtype, type Type } from "./types.ts";

/** Why a type is wanted and what may help. */
export function explainType(has: Type, must: string): string | undefined {
  if (has === "") return "the result of ^ | & ~ and unknown names have no type";
  if (must === "Integer" && has === "Amount")
    return "an Amount is not accepted here; arithmetic gives an Integer, for example x + 0";
  if (must === "Hash" && isHashSubtype(has))
    return `a ${has} is not accepted for a Hash here; comparing a Hash with it narrows the type`;
  if (must === "Program" && has === "String")
    return "a literal is no Program; make it a contract parameter of type Program";
  if (must === "Integer" && has === "String")
    return "only numbers are added and ordered; concat joins Strings, size gives a length";
  if (must === "Boolean" && has === "Integer") return "compare it: x != 0";
  return undefined;
}
