import type { Table } from "../sim/index.ts";

/** Columns that hold words begin at the left; numbers end at the right, with their verdicts. */
function textColumns(rows: Table["rows"]): boolean[] {
  const isWord = (cell: string | number): boolean => /^[^-+\d]/.test(String(cell));
  const [first = []] = rows;
  return first.map((_, at) => rows.some((row) => isWord(row[at] ?? "")));
}

/** A table as aligned text. */
export function toText({ title, columns, rows, notes }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? "").length)));
  const isText = textColumns(rows);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell[isText[at] === true ? "padEnd" : "padStart"](widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  const [head = [], ...body] = cells;
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [
    title,
    "",
    line(head),
    rule,
    ...body.map(line),
    ...notes.map((note) => `* ${note}`),
    "",
  ].join("\n");
}

/** A table as comma-separated values. */
export function toCsv({ columns, rows }: Table): string {
  const quote = (cell: string | number): string =>
    /[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
  return `${[columns, ...rows].map((row) => row.map(quote).join(",")).join("\n")}\n`;
}

/** A table as an HTML element. */
export function toHtml({ title, columns, rows, notes }: Table): string {
  const isText = textColumns(rows);
  const row = (cells: readonly (string | number)[], tag: string): string => {
    const open = (at: number): string => (isText[at] === true ? `${tag} class="text"` : tag);
    const shown = cells.map((cell, at) => `<${open(at)}>${escapeHtml(String(cell))}</${tag}>`);
    return `<tr>${shown.join("")}</tr>`;
  };
  return [
    `<h2>${escapeHtml(title)}</h2>`,
    `<div class="wide"><table><thead>${row(columns, "th")}</thead>`,
    `<tbody>${rows.map((cells) => row(cells, "td")).join("\n")}</tbody></table></div>`,
    ...notes.map((note) => `<p>${escapeHtml(note)}</p>`),
  ].join("\n");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A page that needs nothing else. */
export function toPage(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light; background: #fff; color: #111; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #ccc; padding: 0.3rem 0.6rem; text-align: right; }
th { vertical-align: bottom; }
.text { text-align: left; }
svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
.wide { overflow-x: auto; }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${parts.join("\n")}
</body>
</html>
`;
}
