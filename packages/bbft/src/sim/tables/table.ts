/**
 * Tables of measured figures, and how far they are from the printed ones.
 *
 * @see spec 90-bbft, section 18 "Experiments to reproduce"
 */

/** A table as rows of cells; numbers are milliseconds unless the column says otherwise. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly notes: readonly string[];
}

/** How far a measured figure may be from the printed one, percent. */
const TOLERANCE = 15;

/** Difference of a measured figure from the printed one, whole percent. */
export function differencePercent(measured: number, printed: number): number {
  return Math.round((100 * (measured - printed)) / printed) + 0;
}

/** A difference with its sign, and the verdict where it is above the tolerance. */
export function judge(percent: number): string {
  const sign = percent > 0 ? "+" : "";
  const verdict = Math.abs(percent) <= TOLERANCE ? "" : " outside";
  return `${sign}${percent} %${verdict}`;
}

/**
 * The differences of a table in which each measured column has its printed one behind it.
 *
 * @param table its first column names the row
 */
export function differenceTable(table: Table): Table {
  const measured = table.columns.flatMap((name, at) =>
    table.columns[at + 1] === `${name}, spec` ? [{ name, at }] : [],
  );
  let [cells, outside] = [0, 0];
  const rows = table.rows.map((row) => [
    row[0] ?? "",
    ...measured.map(({ at }) => {
      const [own, printed] = [row[at], row[at + 1]];
      if (typeof own !== "number" || typeof printed !== "number") return "-";
      const percent = differencePercent(own, printed);
      cells++;
      if (Math.abs(percent) > TOLERANCE) outside++;
      return judge(percent);
    }),
  ]);
  return {
    title: `${table.title}: difference from the printed figures`,
    columns: [table.columns[0] ?? "", ...measured.map(({ name }) => name)],
    rows,
    notes: [`${cells - outside} of ${cells} cells are within ${TOLERANCE} %.`],
  };
}
