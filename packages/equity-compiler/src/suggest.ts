/** `did you mean "x"?` for the candidate that is nearest to a misspelled word, if one is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word === "" || word.length > MAX_WORD) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(MAX_DISTANCE, Math.max(1, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best === undefined ? undefined : `did you mean "${best}"?`;
}

const MAX_WORD = 64;

/** Changes that a misspelled word may be away. */
const MAX_DISTANCE = 4;

/**
 * Insertions, removals and replacements that turn one word into the other; `limit` or more when
 * there are that many. Only what can stay below the limit is computed: a hostile text asks for half
 * a million pairs.
 */
function editDistance(a: string, b: string, limit: number): number {
  let above: number[] = [];
  for (let j = 0; j <= b.length; j++) above.push(j);
  for (let i = 1; i <= a.length; i++) {
    const first = Math.max(1, i - limit);
    const last = Math.min(b.length, i + limit);
    const row: number[] = new Array(b.length + 1).fill(limit);
    row[0] = i;
    let least = i;
    for (let j = first; j <= last; j++) {
      const replaced = (above[j - 1] ?? limit) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const value = Math.min(replaced, (above[j] ?? limit) + 1, (row[j - 1] ?? limit) + 1);
      row[j] = value;
      if (value < least) least = value;
    }
    if (least >= limit) return limit;
    above = row;
  }
  return above[b.length] ?? limit;
}
