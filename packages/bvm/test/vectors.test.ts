import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkOutputAmong, type Context, type Destination, Machine, mainChainInstructions, sideChainInstructions } from "../src/index.ts";
import { fromHex, toHex } from "../src/text.ts";
const hex = (t: string) => fromHex(t) ?? new Uint8Array();
const opt = <T>(x: string | null, f: (t: string) => T) => (x === null || x === undefined ? undefined : f(x));
const code = (name: string | null) => name === null ? undefined : name.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2").replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1-$2").toLowerCase();
function ctx(c: any, txv: number | null): Context {
  return { vmVersion: BigInt(c.vm_version ?? 1), entryId: hex(c.entry_id), txVersion: txv === null ? undefined : BigInt(txv), blockHeight: opt(c.block_height, BigInt), assetId: opt(c.asset_id, hex), amount: opt(c.amount, BigInt), destinationPosition: opt(c.dest_pos, BigInt), spentOutputId: opt(c.spent_output_id, hex), signatureHash: opt(c.tx_sig_hash, (t) => () => hex(t)),
   checkOutput: c.outputs ? checkOutputAmong(c.outputs.map((o: any): Destination => ({ type: o.kind, assetId: hex(o.asset), amount: BigInt(o.amount), vmVersion: BigInt(o.vm_version), program: hex(o.program) } as Destination))) : undefined };
}
for (const [f, set] of [["ops-1", mainChainInstructions], ["ops-2", mainChainInstructions], ["edge", mainChainInstructions], ["random-1", mainChainInstructions], ["random-2", mainChainInstructions], ["vapor-mulfraction", sideChainInstructions]] as const)
it(f, () => {
  const file = JSON.parse(readFileSync(new URL(`../../../vectors/bvm/${f}.json`, import.meta.url), "utf8"));
  let bad = 0; const first: any[] = [];
  for (const v of file.vectors) {
    const m = new Machine(hex(v.prog), v.args.map(hex), ctx(v.ctx ?? file.context ?? { entry_id: "" }, v.txv), BigInt(v.gas), { instructionSet: set });
    const r = m.run();
    const got = { err: r.error, left: String(r.gasLeft), data: m.dataStack.map(toHex), alt: m.altStack.map(toHex) };
    const want = { err: code(v.err), left: v.left, data: v.data, alt: v.alt };
    if (r.cause || JSON.stringify(got) !== JSON.stringify(want)) { bad++; if (first.length < 3) first.push({ v: JSON.stringify(v), got, cause: r.cause }); }
  }
  if (bad) console.log(f, bad, JSON.stringify(first, null, 1), first[0].cause);
  expect(bad).toBe(0);
});
