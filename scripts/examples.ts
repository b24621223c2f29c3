/** Runs the TypeScript examples of a README or guide, so that they cannot go stale. */
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { transform } from "esbuild";

/** What an example may use. */
export interface ExampleWorld {
  /** What its imports find, by module name. */
  readonly modules: { readonly [name: string]: unknown };
  /** Variables that the text around it introduces. */
  readonly given?: { readonly [name: string]: unknown };
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parametersAndBody: string[]
) => (...values: unknown[]) => Promise<void>;

/** The `ts` blocks of a Markdown file, in order. */
export function examplesIn(file: URL): string[] {
  const markdown = readFileSync(file, "utf8");
  return [...markdown.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ""]) => code);
}

/** What an example says it prints: the comments behind its `console.log`. */
export function promisedOutput(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line = ""]) => line);
}

/**
 * Runs an example and gives what it logs, a line each.
 *
 * @throws whatever it throws, and an Error for an import that the world does not have
 */
export async function runExample(code: string, world: ExampleWorld): Promise<string[]> {
  const { code: plain } = await transform(code, { loader: "ts", format: "esm", target: "es2022" });
  const body = plain.replaceAll(
    /^import \{([^}]*)\} from "([^"]+)";$/gm,
    (_, names: string, module: string) => {
      if (!(module in world.modules)) throw new Error(`the example imports ${module}`);
      return `const {${names.replaceAll(" as ", ": ")}} = modules[${JSON.stringify(module)}];`;
    },
  );
  const lines: string[] = [];
  const show = (value: unknown) =>
    typeof value === "string" ? value : inspect(value).replaceAll("'", '"');
  const console = { log: (...values: unknown[]) => lines.push(values.map(show).join(" ")) };
  const given = { ...world.given, modules: world.modules, console };
  await new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
  return lines;
}
