import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytomSolonet } from "@bystack/butxo";
import { pino } from "pino";
import { afterEach, expect, it, vi } from "vitest";
import { createNode } from "../src/index.ts";

afterEach(() => vi.useRealTimers());

it("looks every three minutes for what waits too long, until it is closed", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const home = await mkdtemp(join(tmpdir(), "bystack-node-"));
  const logger = pino({ level: "silent" });
  const node = await createNode({ network: bytomSolonet, home, workers: 0, logger });
  const sweep = vi.spyOn(node.chain, "sweep");
  vi.advanceTimersByTime(10 * 60 * 1000);
  expect(sweep).toHaveBeenCalledTimes(3);
  await node.close();
  vi.advanceTimersByTime(10 * 60 * 1000);
  expect(sweep).toHaveBeenCalledTimes(3);
  await rm(home, { recursive: true });
});
