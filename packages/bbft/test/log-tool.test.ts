import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { beginLog, encodeWalRecord, SIGN_KIND, SIGN_STEP } from "../src/index.ts";
import { openFileWal } from "../src/node/index.ts";
import { buildCommand, type Command } from "./command.ts";
import { certificateBy, chainId } from "./helpers.ts";
import { scheme } from "./host-helpers.ts";

const folder = mkdtempSync(join(tmpdir(), "bbft-log-tool-"));
const logAt = (name: string): string => join(folder, name);
let bbft: Command["run"];

beforeAll(async () => {
  ({ run: bbft } = await buildCommand("src/log-tool/cli.ts"));
});

/** A log with one signature and the end of a height. */
async function writtenLog(name: string): Promise<string> {
  const path = logAt(name);
  const wal = await openFileWal(path);
  await beginLog(wal);
  const certificate = certificateBy(scheme, 4, [0, 1, 2]);
  const signature = new Uint8Array(64).fill(0xab);
  const state = {
    ...{ kind: SIGN_KIND.COMMIT, height: 5n, view: 1, step: SIGN_STEP.COMMIT },
    ...{ bytes: chainId, signature },
  };
  const message = { type: "certificate", certificate } as const;
  await wal.append(encodeWalRecord({ type: "sign-state", state, message }), true);
  const proof = { certificate, appBlockId: chainId, engineHash: chainId };
  await wal.append(encodeWalRecord({ type: "end-height", height: 5n, proof }), true);
  await wal.close();
  return path;
}

describe("bbft log", () => {
  it("shows what was signed last and whether the log is complete", async () => {
    const { code, out } = bbft("log", await writtenLog("shown.bin"));
    expect(code).toBe(0);
    expect(out).toContain(
      `sign-state   height 5  view 1  signed COMMIT  signature ${"ab".repeat(64)}`,
    );
    expect(out).toContain("end-height   height 5");
    expect(out).toContain("Complete: it holds everything");
  });

  it("prints JSON lines, and leaves a torn log as it is", async () => {
    const path = await writtenLog("torn.bin");
    writeFileSync(path, readFileSync(path).subarray(0, -3));
    const before = readFileSync(path);
    const { code, out } = bbft("log", path, "--json");
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines).toEqual([
      { type: "complete", bytes: 0 },
      { type: "sign-state", height: "5", view: 1, signed: "COMMIT", signature: "ab".repeat(64) },
      { type: "summary", records: 2, isComplete: true, isTorn: true },
    ]);
    expect(readFileSync(path)).toEqual(before);
  });

  it("names a file that is not there", () => {
    const { code, error } = bbft("log", logAt("missing.bin"));
    expect([code, error]).toEqual([1, expect.stringContaining("missing.bin")]);
  });
});

describe("bbft unsafe-reset", () => {
  it("does nothing before the owner says that the key has never signed", async () => {
    const path = await writtenLog("kept.bin");
    const before = readFileSync(path);
    const { code, error } = bbft("unsafe-reset", path);
    expect([code, error]).toEqual([1, expect.stringContaining("--key-has-never-signed")]);
    expect(readFileSync(path)).toEqual(before);
  });

  it.each(["old.bin", "new.bin"])("begins the log %s", async (name) => {
    const path = name === "old.bin" ? await writtenLog(name) : logAt(name);
    expect(bbft("unsafe-reset", path, "--key-has-never-signed").code).toBe(0);
    expect(bbft("log", path, "--json").out).toContain('"records":1,"isComplete":true');
  });

  it("tells of the danger in its help", () => {
    const { code, out } = bbft("unsafe-reset", "--help");
    expect([code, out]).toEqual([
      0,
      expect.stringContaining("\nsecond time for the same height and view. BBFT punishes"),
    ]);
  });
});
