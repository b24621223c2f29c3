// Bundles the page with the simulator into one file that needs no server: dist/flow.html.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: ["page/main.ts"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  write: false,
});
const [bundle] = outputFiles;
if (bundle === undefined) throw new Error("nothing was bundled");
const page = readFileSync("page/index.html", "utf8");
const script = bundle.text.replaceAll("</script", "<\\/script");
writeFileSync(
  "dist/flow.html",
  page.replace("/* bundle */", () => script),
);
