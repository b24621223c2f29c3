/// <reference types="node" />
import type { Socket } from "node:net";
import { concat, u32 } from "../bytes.ts";

/** Room that an idle connection may keep, bytes. */
const KEPT_ROOM = 64 * 1024;

/**
 * Calls back with each frame (u32 length, bytes) of a socket. Chunks are copied together at once:
 * one of a single byte would occupy several hundred for as long as the frame is not whole.
 *
 * @param limit longest frame allowed at this moment
 */
export function readFrames(
  socket: Socket,
  limit: () => number,
  onFrame: (frame: Uint8Array) => void,
  onTooLong: () => void,
): void {
  let held = new Uint8Array(0);
  let size = 0;
  const hold = (chunk: Uint8Array): void => {
    const needed = size + chunk.length;
    if (needed > held.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * held.length));
      grown.set(held.subarray(0, size));
      held = grown;
    }
    held.set(chunk, size);
    size = needed;
  };
  const forget = (length: number): void => {
    held.copyWithin(0, length, size);
    size -= length;
    if (size === 0 && held.length > KEPT_ROOM) held = new Uint8Array(0);
  };
  socket.on("data", (chunk: Buffer) => {
    hold(chunk);
    const view = new DataView(held.buffer);
    let at = 0;
    while (!socket.destroyed && size - at >= 4) {
      const length = view.getUint32(at);
      if (length > limit()) {
        onTooLong();
        return;
      }
      const end = at + 4 + length;
      if (end > size) break;
      onFrame(held.slice(at + 4, end));
      at = end;
    }
    forget(at);
  });
}

/** A frame: length and bytes. */
export function frameOf(bytes: Uint8Array): Uint8Array {
  return concat(u32(bytes.length), bytes);
}
