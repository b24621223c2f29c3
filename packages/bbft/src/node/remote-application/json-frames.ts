import { frameOf } from "../frames.ts";
import { type Fields, fields, type Json } from "./json.ts";

/** Longest frame, bytes: a block as hex, with room to spare. */
export const MAX_FRAME: number = 40 * 1024 * 1024;

export function jsonFrame(value: Json): Uint8Array {
  return frameOf(new TextEncoder().encode(JSON.stringify(value)));
}

/** @throws SyntaxError when it is no JSON, {@link BbftError} `remote` when it is no object */
export function readJsonFrame(frame: Uint8Array): Fields {
  return fields(JSON.parse(new TextDecoder().decode(frame)));
}
