/** @see spec 20-bvm, section 6.3 "Stack" */
import type { Frame } from "../frame.ts";
import { MAX_INT64 } from "../int64.ts";
import type { Operation, Operations } from "./operation.ts";

/** Pushes copies of `count` items, the lowest of which is at `depth`. */
function copy(depth: number, count: number): Operation {
  return (frame) => {
    if (!frame.need(depth + 1)) return;
    // Each push moves the next item to the same depth.
    for (let i = 0; i < count; i++) if (!frame.pushNow(frame.peek(depth))) return;
  };
}

/** Moves `count` items, the lowest of which is at `depth`, to the top without memory cost. */
function move(depth: number, count: number): Operation {
  return (frame) => {
    if (!frame.need(depth + 1)) return;
    for (let i = 0; i < count; i++) moveToTop(frame, depth);
  };
}

/** Up to this depth moving items one by one is faster than moving the memory that they are in. */
const SHALLOW = 16;

function moveToTop(frame: Frame, depth: number): void {
  const { dataStack } = frame;
  if (depth > SHALLOW) {
    dataStack.push(...dataStack.splice(dataStack.length - 1 - depth, 1));
    return;
  }
  const item = frame.peek(depth);
  for (let below = depth; below > 0; below--)
    dataStack[dataStack.length - 1 - below] = frame.peek(below - 1);
  dataStack[dataStack.length - 1] = item;
}

/** A depth taken from the stack, for an item that is there; undefined when the frame failed. */
function popDepth(frame: Frame): number | undefined {
  const depth = frame.popIntNow();
  if (depth === undefined) return undefined;
  if (depth < 0 || depth === MAX_INT64) return frame.fail("bad-value");
  return frame.need(Number(depth) + 1) ? Number(depth) : undefined;
}

const nip: Operation = (frame) => {
  if (!frame.need(1)) return;
  const top = frame.peek(0);
  frame.dataStack.pop();
  if (frame.popNow() !== undefined) frame.dataStack.push(top);
};

const tuck: Operation = (frame) => {
  if (!frame.need(2)) return;
  const [under, top] = [frame.peek(1), frame.peek(0)];
  frame.dataStack.length -= 2;
  if (frame.pushNow(top)) frame.dataStack.push(under, top);
};

export function stackOperations(): Operations {
  return {
    TOALTSTACK(frame) {
      if (!frame.need(1)) return;
      frame.altStack.push(frame.peek(0));
      frame.dataStack.pop();
    },
    FROMALTSTACK(frame) {
      const item = frame.altStack.pop();
      if (item === undefined) frame.fail("alt-stack-underflow");
      else frame.dataStack.push(item);
    },
    "2DROP"(frame) {
      if (frame.popNow() !== undefined) frame.popNow();
    },
    "2DUP": copy(1, 2),
    "3DUP": copy(2, 3),
    "2OVER": copy(3, 2),
    "2ROT": move(5, 2),
    "2SWAP": move(3, 2),
    IFDUP(frame) {
      if (frame.need(1) && frame.isTrue(frame.peek(0))) frame.pushNow(frame.peek(0));
    },
    DEPTH(frame) {
      frame.pushNow(frame.dataStack.length);
    },
    DROP(frame) {
      frame.popNow();
    },
    DUP(frame) {
      if (frame.need(1)) frame.pushNow(frame.peek(0));
    },
    NIP: nip,
    OVER: copy(1, 1),
    PICK(frame) {
      const depth = popDepth(frame);
      if (depth !== undefined) frame.pushNow(frame.peek(depth));
    },
    ROLL(frame) {
      const depth = popDepth(frame);
      if (depth !== undefined) moveToTop(frame, depth);
    },
    ROT: move(2, 1),
    SWAP: move(1, 1),
    TUCK: tuck,
  };
}
