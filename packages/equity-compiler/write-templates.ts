// Writes src/templates from templates: node scripts/run.mjs packages/equity-compiler/write-templates.ts
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { artifactModule, artifactOf, compile, formatSource } from "./src/index.ts";

const home = "packages/equity-compiler";

for (const name of readdirSync(`${home}/templates`)) {
  const folder = `${home}/templates/${name}`;
  const file = readdirSync(folder).find((entry) => entry.endsWith(".equity")) ?? "";
  const source = formatSource(readFileSync(`${folder}/${file}`, "utf8"));
  writeFileSync(`${folder}/${file}`, source);
  const [contract] = compile(source, { file });
  if (contract === undefined) throw new Error(`no contract in ${file}`);
  const module = artifactModule(artifactOf(contract), "../index.ts");
  writeFileSync(`${home}/src/templates/${name}.ts`, module);
}
