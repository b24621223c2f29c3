/// <reference types="node" />
/**
 * Tells the other processes of a write: the one that leads next puts it into a block, whichever
 * process a client talked to.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "./ask.ts";
import type { Write } from "./key-value-store.ts";

/** Writes that wait for one process; more are not relayed to it. */
const MAX_WAITING = 10_000;
const MAX_AT_ONCE = 500;
const REQUEST_MS = 3000;
const RETRY_MS = 250;

export interface WriteRelay {
  send(write: Write): void;
}

/**
 * @param ports the HTTP ports of the others on this machine
 * @param isPending whether a write is in no block yet: only then it is worth another attempt
 */
export function createWriteRelay(
  ports: readonly number[],
  isPending: (id: string) => boolean,
): WriteRelay {
  const lines = ports.map((port) => createLine(port, isPending));
  return {
    send(write) {
      for (const line of lines) line.send(write);
    },
  };
}

/** One request at a time; what gathers meanwhile goes with the next. */
function createLine(port: number, isPending: (id: string) => boolean): WriteRelay {
  let waiting: Write[] = [];
  let isSending = false;
  const run = async (): Promise<void> => {
    isSending = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_AT_ONCE);
      const answer = await ask(port, "/writes", REQUEST_MS, JSON.stringify(batch));
      if (answer !== undefined) waiting = waiting.slice(batch.length);
      else await sleep(RETRY_MS, undefined, { ref: false });
      waiting = waiting.filter(({ id }) => isPending(id));
    }
    isSending = false;
  };
  return {
    send(write) {
      if (waiting.length >= MAX_WAITING) return;
      waiting.push(write);
      if (!isSending) void run();
    },
  };
}
