import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as butxo from "@bystack/butxo";
import * as chain from "@bystack/chain";
import * as storage from "@bystack/storage";
import * as pool from "@bystack/tensority/pool";
import * as pino from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { examplesIn, promisedOutput, runExample } from "../../../scripts/examples.ts";
import * as node from "../src/index.ts";
import { recordedBlocks } from "./recording.ts";

const home = mkdtempSync(join(tmpdir(), "bystack-docs-"));
afterAll(() => rmSync(home, { recursive: true }));

const [genesis] = recordedBlocks(1);
const transaction = butxo.genesisBlock(butxo.bytomSolonet).transactions[0];
if (transaction === undefined || genesis === undefined) throw new Error("no genesis transaction");

const world = {
  modules: {
    "@bystack/butxo": butxo,
    "@bystack/chain": chain,
    "@bystack/node": {
      ...node,
      createNode: (options: node.NodeOptions) => node.createNode({ ...options, home, workers: 0 }),
    },
    "@bystack/storage": storage,
    "@bystack/tensority/pool": pool,
    pino,
  },
  given: { bytes: butxo.encodeTransaction(transaction) },
};

const files = ["../README.md", "../../../docs/app-developer.md", "../../../docs/node-builder.md"];

describe.each(files)("%s", (file) => {
  const examples = examplesIn(new URL(file, import.meta.url));

  it("has an example", () => expect(examples.length).toBeGreaterThan(0));

  it.each(examples.map((code, i) => [i, code] as const))("example %i", async (_, code) => {
    const promised = promisedOutput(code);
    const printed = await runExample(code, world);
    if (promised.length > 0) expect(printed).toEqual(promised);
  });
});
