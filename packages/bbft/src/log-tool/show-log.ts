/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { keyOf, Reader } from "../bytes.ts";
import { BbftError } from "../error.ts";
import type { WalEntry } from "../host/interfaces.ts";
import {
  decodeFrames,
  epochOfEntry,
  hasFrameBehind,
  isCompleteMark,
  signStateOf,
  WAL_TYPE,
} from "../host/wal-codec.ts";
import { SIGN_KIND } from "../signing.ts";

/** Prints a log without changing it: a damaged end is told of, not cut off. */
export async function showLog(file: string, options: { readonly json?: boolean }): Promise<void> {
  const bytes = await read(file);
  const { entries, soundLength } = decodeFrames(bytes);
  const isTorn = soundLength < bytes.length;
  const isDamaged = isTorn && hasFrameBehind(bytes, soundLength);
  const isComplete = entries.some(isCompleteMark) && !isDamaged;
  const lines = entries.map(describe);
  if (options.json === true) {
    for (const line of lines) console.log(JSON.stringify(line));
    console.log(JSON.stringify({ type: "summary", records: lines.length, isComplete, isTorn }));
    return;
  }
  for (const { type, ...facts } of lines) {
    const parts = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
    console.log([type.padEnd(11), ...parts].join("  ").trimEnd());
  }
  console.log(`${lines.length} records, ${soundLength} bytes.`);
  if (isTorn) console.log(`${bytes.length - soundLength} bytes behind them are torn or damaged.`);
  console.log(
    isComplete
      ? "Complete: it holds everything that this validator signed."
      : "Not complete: a node that starts with it follows in silence for an epoch.",
  );
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new BbftError("wal", {}, { cause });
  }
}

type Line = { readonly type: string; readonly [fact: string]: string | number };

function describe(entry: WalEntry): Line {
  const { type: code, payload } = entry;
  const type = Object.entries(WAL_TYPE).find(([, value]) => value === code)?.[0] ?? `type ${code}`;
  const signed = signStateOf(entry);
  if (signed !== undefined) {
    const { kind, height, view, signature } = signed;
    const [name = `${kind}`] = Object.entries(SIGN_KIND).find(([, value]) => value === kind) ?? [];
    return { type, height: `${height}`, view, signed: name, signature: keyOf(signature) };
  }
  const epoch = epochOfEntry(entry)?.epoch;
  if (epoch !== undefined) return { type, epoch: `${epoch}` };
  if (code === WAL_TYPE.decided || code === WAL_TYPE["end-height"])
    return { type, height: `${new Reader(payload).u64()}` };
  return { type, bytes: payload.length };
}
