/// <reference types="node" />
import type { Socket } from "node:net";
import { concat, u32 } from "../bytes.ts";

/** Calls back with each frame (u32 length, bytes) of a socket; false when one is too long. */
export function readFrames(
  socket: Socket,
  limit: number,
  onFrame: (frame: Uint8Array) => void,
  onTooLong: () => void,
): void {
  let chunks: Buffer[] = [];
  let size = 0;
  const take = (length: number): Buffer => {
    const all = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const joined = all ?? Buffer.alloc(0);
    chunks = joined.length > length ? [joined.subarray(length)] : [];
    size -= length;
    return joined.subarray(0, length);
  };
  let wanted = -1;
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    while (!socket.destroyed) {
      if (wanted < 0) {
        if (size < 4) return;
        wanted = take(4).readUInt32BE();
        if (wanted > limit) {
          onTooLong();
          return;
        }
      }
      if (size < wanted) return;
      const frame = new Uint8Array(take(wanted));
      wanted = -1;
      onFrame(frame);
    }
  });
}

/** A frame: length and bytes. */
export function frameOf(bytes: Uint8Array): Uint8Array {
  return concat(u32(bytes.length), bytes);
}
