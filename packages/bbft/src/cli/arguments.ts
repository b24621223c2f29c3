/** Reading the values of options. */
import { InvalidArgumentError } from "commander";

/** A whole number that is not negative. */
export function whole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError("Give a whole number, 0 or more.");
  return value;
}

/** A whole number from 1 on. */
export function positive(text: string): number {
  const value = whole(text);
  if (value === 0) throw new InvalidArgumentError("Give a whole number, 1 or more.");
  return value;
}

/** A number from 0 to 1. */
export function part(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError("Give a number from 0 to 1, such as 0.1.");
  return value;
}
