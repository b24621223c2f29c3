/** Reading the values of options. */
import { InvalidArgumentError } from "commander";
import { MAX_VALIDATORS } from "../validator-set.ts";

/** A whole number that is not negative. */
export function whole(text: string): number {
  return within(text, 0, Number.MAX_SAFE_INTEGER, "Give a whole number, 0 or more.");
}

/** A whole number from 1 on. */
export function positive(text: string): number {
  return within(text, 1, Number.MAX_SAFE_INTEGER, "Give a whole number, 1 or more.");
}

/** How many validators a network has. */
export function size(text: string): number {
  return range(1, MAX_VALIDATORS)(text);
}

/** A whole number between two others, both included. */
export function range(low: number, high: number): (text: string) => number {
  return (text) => within(text, low, high, `Give a whole number from ${low} to ${high}.`);
}

function within(text: string, low: number, high: number, advice: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) throw new InvalidArgumentError(advice);
  return value;
}

/** A number from 0 to 1. */
export function part(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError("Give a number from 0 to 1, such as 0.1.");
  return value;
}

/** Which validators: numbers, or those with a part in the network. */
export type Who = readonly number[] | "leader" | "gateways";

export function who(text: string): Who {
  if (text === "leader" || text === "gateways") return text;
  if (!/^\d+(,\d+)*$/.test(text))
    throw new InvalidArgumentError("Give numbers such as 0,3, or leader, or gateways.");
  return [...new Set(text.split(",").map(Number))];
}
