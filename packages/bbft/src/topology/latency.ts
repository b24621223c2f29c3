/**
 * Latency reports and the symmetric distance made from them. Unit: 100 microseconds, one way.
 *
 * @see spec 90-bbft, section 11.1 "Measuring" and 11.2 "Normalising"
 */

/** Nobody measured it. */
export const NO_LATENCY = 65535;

/** Symmetric distances: entry `i * n + j` in units of 100 microseconds, 65535 where unknown. */
export interface Distances {
  readonly n: number;
  readonly values: Uint16Array;
}

/**
 * Makes distances from reports. The larger of the two directions counts, so a liar can only push
 * itself away.
 *
 * @param report one-way latency that `reporter` measured to `target`, 0..65534; undefined if none
 */
export function normalizeLatency(
  n: number,
  report: (reporter: number, target: number) => number | undefined,
): Distances {
  const values = new Uint16Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const [there, back] = [report(i, j), report(j, i)];
      const distance = Math.max(there ?? back ?? NO_LATENCY, back ?? there ?? NO_LATENCY);
      values[i * n + j] = distance;
      values[j * n + i] = distance;
    }
  return { n, values };
}

/** Equal distances between all: what a network without measurements is taken for. */
export function uniformDistances(n: number, distance = 0): Distances {
  return normalizeLatency(n, () => distance);
}

export function distanceOf({ n, values }: Distances, i: number, j: number): number {
  return values[i * n + j] ?? NO_LATENCY;
}

/** Saturates a measured round trip, microseconds, to a report's one-way value. */
export function oneWayFromRoundTrip(microseconds: number): number {
  return Math.min(65534, Math.max(0, Math.floor(microseconds / 200)));
}

/** Median of the last samples; the lower one of an even number. Undefined without samples. */
export function medianLatency(samples: readonly number[]): number | undefined {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1];
}
