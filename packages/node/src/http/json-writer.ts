/** A value that {@link writeJson} can write: plain data, with `bigint` for 64-bit integers. */
export type Writable =
  | null
  | boolean
  | number
  | bigint
  | string
  | RawJson
  | readonly Writable[]
  | { readonly [name: string]: Writable | undefined };

/** Text that is JSON already and goes out as it is. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const UNSAFE = /[<>&\u2028\u2029]/g;

/**
 * Compact JSON as the reference nodes write it: fields in the order given, `bigint` as a number of
 * any size, `<`, `>`, `&` and the two Unicode line separators escaped, fields that are undefined
 * left out.
 *
 * @see spec 60-api, section 1 "Transport"
 */
export function writeJson(value: Writable): string {
  return write(value).replace(UNSAFE, escapeCharacter);
}

function write(value: Writable): string {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof RawJson) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(write).join(",")}]`;
  const fields = Object.entries(value).flatMap(([name, field]) =>
    field === undefined ? [] : `${JSON.stringify(name)}:${write(field)}`,
  );
  return `{${fields.join(",")}}`;
}

function isList(value: object): value is readonly Writable[] {
  return Array.isArray(value);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
