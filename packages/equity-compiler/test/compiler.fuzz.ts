import { assemble, parseProgram } from "@bystack/bvm";
import type { FuzzTarget } from "../../../scripts/harness.ts";
import { toHex } from "../src/hex.ts";
import {
  answerCompileRequest,
  check,
  compile,
  type Dialect,
  EquityError,
  formatDiagnostic,
  formatSource,
  parseArtifact,
} from "../src/index.ts";
import * as templates from "../src/templates/index.ts";

const artifacts = Object.values(templates).flatMap((value) =>
  typeof value === "object" && "source" in value ? [value] : [],
);
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const isExpected = (error: unknown) => error instanceof EquityError;

function compileTarget(dialect: Dialect): FuzzTarget {
  return {
    name: `equity-compiler/compile, dialect ${dialect}`,
    seeds: artifacts.map(({ source }) => encode(source)),
    isExpected,
    run(input) {
      const source = decode(input);
      const resolveImport = () => undefined;
      for (const diagnostic of check(source, { dialect, resolveImport }).diagnostics)
        formatDiagnostic(diagnostic);
      for (const { body, opcodes, origins } of compile(source, { dialect, resolveImport })) {
        if (toHex(assemble(opcodes)) !== toHex(body)) throw new Error("opcodes and body differ");
        if (parseProgram(body).length !== origins().length) throw new Error("origins are missing");
      }
      if (dialect === "node") answerCompileRequest({ contract: source, args: [] });
    },
  };
}

export default function equityTargets(): FuzzTarget[] {
  return [
    compileTarget("0.1.1"),
    compileTarget("node"),
    {
      name: "equity-compiler/formatSource",
      seeds: artifacts.map(({ source }) => encode(source)),
      isExpected,
      run(input) {
        const source = decode(input);
        const formatted = formatSource(source);
        if (formatSource(formatted) !== formatted) throw new Error("not idempotent");
      },
    },
    {
      name: "equity-compiler/parseArtifact",
      seeds: artifacts.map((artifact) => encode(JSON.stringify(artifact))),
      isExpected: (error) => isExpected(error) || error instanceof SyntaxError,
      run: (input) => void parseArtifact(JSON.parse(decode(input))),
    },
  ];
}
