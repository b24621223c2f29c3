/** `equity lsp`: the language server on standard input and output. */
import type { Dialect } from "../dialect.ts";

export async function startLanguageServer(dialect: Dialect): Promise<void> {
  const { createConnection, ProposedFeatures } = await import("vscode-languageserver/node");
  const { serve } = await import("../lsp/server.ts");
  serve(createConnection(ProposedFeatures.all, process.stdin, process.stdout), dialect);
}
