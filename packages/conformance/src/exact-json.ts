/** A text or a whole number of JSON; texts are matched so that digits inside them are left alone. */
const TOKEN = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d+(?![\d.eE])/g;
const MARK = "integer:";

/** Parses JSON with every integer as `bigint`: the calls carry numbers above 2^53. */
export function parseExact(text: string): unknown {
  return parseMarked(text, () => true);
}

/** Parses JSON; integers that a number cannot hold come as `bigint`. */
export function parseVectors(text: string): unknown {
  return /\d{16}/.test(text)
    ? parseMarked(text, (digits) => !Number.isSafeInteger(Number(digits)))
    : JSON.parse(text);
}

function parseMarked(text: string, isMarked: (digits: string) => boolean): unknown {
  const marked = text.replaceAll(TOKEN, (token) =>
    token.startsWith('"') || !isMarked(token) ? token : `"${MARK}${token}"`,
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  );
}
