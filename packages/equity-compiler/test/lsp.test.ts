import { PassThrough } from "node:stream";
import { afterEach, expect, it } from "vitest";
import {
  createConnection,
  createProtocolConnection,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { serve } from "../src/lsp/server.ts";

const uri = "file:///work/a.equity";
const source = "contract A(p:Program) locks q of k {\n  clause s() { lock q of k with p }\n}\n";
let close = () => {};

afterEach(() => close());

/** An editor with an open document. */
async function editor(
  text: string,
): Promise<{ client: ProtocolConnection; diagnostics: Promise<PublishDiagnosticsParams> }> {
  const [up, down] = [new PassThrough(), new PassThrough()];
  serve(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)), "0.1.1");
  const client = createProtocolConnection(
    new StreamMessageReader(down),
    new StreamMessageWriter(up),
  );
  const diagnostics = new Promise<PublishDiagnosticsParams>((resolve) => {
    client.onNotification("textDocument/publishDiagnostics", resolve);
  });
  client.listen();
  close = () => client.dispose();
  await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "equity", version: 1, text },
  });
  return { client, diagnostics };
}

const textDocument = { uri };

it("publishes diagnostics", async () => {
  const { diagnostics } = await editor(source.replace("with p", "with pp"));
  expect(await diagnostics).toMatchObject({
    uri,
    diagnostics: [
      { severity: 1, code: "param-unused" },
      {
        severity: 1,
        code: "undefined-reference",
        source: "equity",
        range: { start: { line: 1, character: 32 }, end: { line: 1, character: 34 } },
      },
    ],
  });
});

it("answers hover, definition, completion and formatting", async () => {
  const { client } = await editor(source);
  const position = { line: 1, character: 32 };
  expect(await client.sendRequest("textDocument/hover", { textDocument, position })).toEqual({
    contents: { kind: "markdown", value: "```equity\np: Program\n```\ncontract parameter" },
  });
  expect(await client.sendRequest("textDocument/definition", { textDocument, position })).toEqual({
    uri,
    range: { start: { line: 0, character: 11 }, end: { line: 0, character: 11 } },
  });
  const items = await client.sendRequest("textDocument/completion", { textDocument, position });
  expect(items).toEqual(expect.arrayContaining([expect.objectContaining({ label: "checkTxSig" })]));
  const edits = await client.sendRequest("textDocument/formatting", {
    textDocument,
    options: { tabSize: 2, insertSpaces: true },
  });
  expect(edits).toMatchObject([{ newText: expect.stringContaining("contract A(p: Program)") }]);
});

it("formats nothing that it cannot parse, and knows nothing of closed documents", async () => {
  const { client } = await editor("contract");
  const options = { tabSize: 2, insertSpaces: true };
  expect(await client.sendRequest("textDocument/formatting", { textDocument, options })).toEqual(
    [],
  );
  const other = { textDocument: { uri: "file:///other" }, position: { line: 0, character: 0 } };
  expect(await client.sendRequest("textDocument/hover", other)).toBeNull();
});
