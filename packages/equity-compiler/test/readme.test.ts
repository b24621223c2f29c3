import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { toHex } from "../src/hex.ts";
import * as examples from "./examples/readme.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const blocks = [...read("../README.md").matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
/** Layout apart: the formatter has a longer line than the page. */
const plain = (code: string) => code.replaceAll(/[\s,]+/g, "");

it("the examples of the README are the ones that run here", () => {
  expect(blocks).toHaveLength(3);
  const code = plain(read("./examples/readme.ts"));
  for (const block of blocks) {
    const body = block.replaceAll(/^import .*$/gm, "");
    expect(code).toContain(plain(body));
    for (const [, names = ""] of block.matchAll(/^import \{ (.*) \} from/gm))
      for (const name of names.split(", ")) expect(code).toContain(name);
  }
});

it("and do what it says", () => {
  expect(examples.opcodes).toContain("BLOCKHEIGHT LESSTHAN VERIFY");
  expect(toHex(examples.controlProgram)).toContain("07".repeat(32));
  expect(examples.trade).toEqual([new Uint8Array(0)]);
  expect(examples.cancel).toEqual([
    { type: "signature", signer: { account: "alice" } },
    Uint8Array.of(1),
  ]);
  expect(toHex(examples.offer)).toContain("0014a1a1");
  const [, , quoted = ""] = blocks;
  for (const line of examples.report.split("\n")) expect(quoted).toContain(`// ${line}`);
});
