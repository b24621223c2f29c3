import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const src = new URL("../src/", import.meta.url);
/** These entry points are made for Node; nothing else may need it. */
const NODE_ONLY = /^(node|cli|log-tool|example)\//;

it("core, simulator and explorer know no clock, no chance, no disk and no network", () => {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !NODE_ONLY.test(name),
  );
  expect(files.length).toBeGreaterThan(50);
  const forbidden =
    /from "node:|types="node"|Date\.now|Math\.random|performance\.|\bprocess\.(env|hrtime|argv|platform|exit|on|memoryUsage)|\bBuffer\b|setTimeout|from "\.\.\/(node|cli|log-tool|example)\//;
  for (const file of files)
    expect({ file, found: forbidden.exec(readFileSync(new URL(file, src), "utf8"))?.[0] }).toEqual({
      file,
      found: undefined,
    });
});
