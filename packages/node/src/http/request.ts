import { z } from "zod";
import { ApiError } from "./error.ts";
import {
  JsonNumber,
  type JsonObject,
  JsonSyntaxError,
  type JsonValue,
  readJson,
} from "./json-reader.ts";

const MAX_UINT64 = 2n ** 64n - 1n;

/** An unsigned 64-bit integer, written as a JSON integer; 0 when absent. */
export const uint64: z.ZodType<bigint> = z
  .custom<JsonNumber>((value) => value instanceof JsonNumber, "is not a number")
  .transform((number, context) => {
    const value = number.toInteger();
    if (value !== undefined && value >= 0n && value <= MAX_UINT64) return value;
    context.addIssue({ code: "custom", message: `${number.literal} is not a uint64` });
    return z.NEVER;
  })
  .default(0n);

/** Bytes written as hex in either case; empty when absent. */
export const hexBytes: z.ZodType<Uint8Array> = z
  .string()
  .regex(/^(?:[0-9a-fA-F]{2})*$/, "is not hex")
  .transform((text) => Uint8Array.from(Buffer.from(text, "hex")))
  .default(new Uint8Array(0));

/** Names of the fields of a request, with what each must be. */
export type RequestShape = z.ZodObject;

/**
 * Decodes a request body: field names match whatever their case (an exact match is preferred),
 * unknown fields are ignored, `null` leaves the default.
 *
 * @throws {@link ApiError} `BTM002`
 * @see spec 60-api, section 1 "Transport"
 */
export function readRequest<Shape extends RequestShape>(
  body: string,
  shape: Shape,
): z.output<Shape> {
  const value = parse(body);
  if (value !== null && !isObject(value)) throw badRequest("the body is not a JSON object");
  const decoded = shape.safeParse(pickFields(value ?? {}, Object.keys(shape.shape)));
  if (decoded.success) return decoded.data;
  const [issue] = decoded.error.issues;
  throw badRequest(`${issue?.path.join(".")}: ${issue?.message}`);
}

function parse(body: string): JsonValue {
  try {
    return readJson(body);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw badRequest(error.message);
    throw error;
  }
}

function pickFields(value: JsonObject, names: readonly string[]): JsonObject {
  const picked: JsonObject = {};
  for (const [key, field] of Object.entries(value)) {
    const name = names.find((known) => known.toLowerCase() === key.toLowerCase());
    if (name === undefined || field === null) continue;
    if (key !== name && Object.hasOwn(value, name)) continue;
    picked[name] = field;
  }
  return picked;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof JsonNumber);
}

function badRequest(detail: string): ApiError {
  return new ApiError(
    "BTM002",
    `${detail}: check request parameters for missing and/or incorrect values`,
  );
}
