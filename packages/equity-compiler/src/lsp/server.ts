/** The language server: editors' requests answered by the language service. */
import { readFileSync } from "node:fs";
import { normalize } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CompletionItemKind,
  type Connection,
  DiagnosticSeverity,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Dialect } from "../dialect.ts";
import { EquityError } from "../error.ts";
import { formatSource } from "../format.ts";
import {
  type Completion,
  completions,
  definition,
  findings,
  hover,
  type LanguageOptions,
} from "../language/service.ts";
import type { ResolvedFile } from "../load.ts";

const KINDS: Readonly<Record<Completion["kind"], CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  type: CompletionItemKind.TypeParameter,
  function: CompletionItemKind.Function,
  contract: CompletionItemKind.Class,
  clause: CompletionItemKind.Method,
  variable: CompletionItemKind.Variable,
};

/** Answers the requests of a connection until it ends. */
export function serve(connection: Connection, dialect: Dialect): void {
  const documents = new TextDocuments(TextDocument);
  const options = ({ uri }: TextDocument): LanguageOptions => ({
    dialect,
    file: uri,
    resolveImport: (path) => importedFile(documents, path),
  });
  connection.onInitialize(
    (): InitializeResult => ({
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        hoverProvider: true,
        definitionProvider: true,
        documentFormattingProvider: true,
        completionProvider: { triggerCharacters: [":"] },
      },
      serverInfo: { name: "equity" },
    }),
  );
  documents.onDidChangeContent(({ document }) => {
    const diagnostics = findings(document.getText(), options(document)).map((finding) => ({
      severity:
        finding.severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
      code: finding.code,
      source: "equity",
      message: finding.message,
      range: rangeOf(document, finding.start, finding.end),
    }));
    void connection.sendDiagnostics({ uri: document.uri, diagnostics });
  });
  documents.onDidClose(({ document }) => {
    void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });
  connection.onHover(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    if (document === undefined) return null;
    const found = hover(document.getText(), document.offsetAt(position), options(document));
    if (found === undefined) return null;
    const value = `\`\`\`equity\n${found.code}\n\`\`\`\n${found.description}`;
    return { contents: { kind: "markdown", value } };
  });
  connection.onDefinition(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    if (document === undefined) return null;
    const start = definition(document.getText(), document.offsetAt(position));
    return start === undefined
      ? null
      : { uri: document.uri, range: rangeOf(document, start, start) };
  });
  connection.onCompletion(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    if (document === undefined) return [];
    return completions(document.getText(), document.offsetAt(position), options(document)).map(
      ({ label, kind, detail }) => ({ label, kind: KINDS[kind], detail }),
    );
  });
  connection.onDocumentFormatting(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    if (document === undefined) return [];
    try {
      const text = document.getText();
      const newText = formatSource(text, { dialect });
      return newText === text ? [] : [{ range: rangeOf(document, 0, text.length), newText }];
    } catch (error) {
      // A text that cannot be parsed stays as it is; its diagnostics say why.
      if (error instanceof EquityError) return [];
      throw error;
    }
  });
  documents.listen(connection);
  connection.listen();
}

function rangeOf(document: TextDocument, start: number, end: number) {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** An imported file: as it is in the editor when it is open there, else as it is on the disk. */
function importedFile(
  documents: TextDocuments<TextDocument>,
  path: string,
): ResolvedFile | undefined {
  const file = normalize(path);
  const open = documents
    .all()
    .find(({ uri }) => isFile(uri) && fileURLToPath(uri).endsWith(`/${file}`));
  if (open !== undefined) return { file, text: open.getText() };
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isFile(uri: string): boolean {
  return uri.startsWith("file://");
}
