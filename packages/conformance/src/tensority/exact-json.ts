/** A text or a number token of JSON; texts are matched so that digits inside them are left alone. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?![\d.eE])/g;
const MARK = "integer:";

/** Parses JSON with every integer as `bigint`: the calls carry numbers above 2^53. */
export function parseExact(text: string): unknown {
  const marked = text.replaceAll(TOKEN, (token) =>
    token.startsWith('"') ? token : `"${MARK}${token}"`,
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  );
}
