/// <reference types="node" />
/**
 * Tells the other processes of a write: the one that leads next puts it into a block, whichever
 * process a client talked to.
 */
import type { Write } from "./key-value-store.ts";

/** Writes for a process that does not answer are dropped: it learns them from the blocks. */
const MAX_WAITING = 10_000;
const MAX_AT_ONCE = 500;
const REQUEST_MS = 1000;

export interface WriteRelay {
  send(write: Write): void;
}

/** @param ports the HTTP ports of the others on this machine */
export function createWriteRelay(ports: readonly number[]): WriteRelay {
  const lines = ports.map((port) => createLine(port));
  return {
    send(write) {
      for (const line of lines) line.send(write);
    },
  };
}

/** One request at a time; what gathers meanwhile goes with the next. */
function createLine(port: number): WriteRelay {
  let waiting: Write[] = [];
  let isSending = false;
  const run = async (): Promise<void> => {
    isSending = true;
    while (waiting.length > 0) {
      const body = JSON.stringify(waiting.slice(0, MAX_AT_ONCE));
      waiting = waiting.slice(MAX_AT_ONCE);
      const signal = AbortSignal.timeout(REQUEST_MS);
      try {
        const reply = await fetch(`http://127.0.0.1:${port}/writes`, {
          method: "POST",
          body,
          signal,
        });
        await reply.arrayBuffer();
      } catch {
        // That process is down.
      }
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
