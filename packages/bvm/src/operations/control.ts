/** @see spec 20-bvm, sections 6.2 "Control", 6.8 "Expansion opcodes" and 7 "CHECKPREDICATE" */
import { Executable } from "../executable.ts";
import { Frame } from "../frame.ts";
import { itemBytes } from "../item.ts";
import type { Operation, Operations } from "./operation.ts";

/** Part of CHECKPREDICATE's base cost that comes back when the predicate has run. */
const PREDICATE_REFUND = 192;

const checkPredicate: Operation = (frame) => {
  frame.defer(-PREDICATE_REFUND);
  const limit = frame.popIntLater();
  if (limit === undefined) return;
  const predicate = frame.popLater();
  if (predicate === undefined) return;
  const wanted = frame.popIntLater();
  if (wanted === undefined) return;
  if (limit < 0) return frame.fail("bad-value");
  const { dataStack } = frame;
  const count = wanted < 0 ? dataStack.length : Number(wanted);
  if (!frame.need(count)) return;
  const childLimit = limit === 0 ? frame.runLimit : Number(limit);
  if (!frame.charge(childLimit)) return;
  const items = dataStack.splice(dataStack.length - count, count);
  const { environment } = frame;
  const program = new Executable(itemBytes(predicate), environment.instructionSet);
  frame.child = new Frame(environment, program, childLimit, items, frame);
  frame.signal = "call";
};

export function controlOperations(): Operations {
  return {
    NOP() {},
    JUMP(frame, { target }) {
      frame.nextPc = target;
    },
    JUMPIF(frame, { target }) {
      const condition = frame.popLater();
      if (condition !== undefined && frame.isTrue(condition)) frame.nextPc = target;
    },
    VERIFY(frame) {
      const condition = frame.popLater();
      if (condition !== undefined && !frame.isTrue(condition)) frame.fail("verify-failed");
    },
    FAIL(frame) {
      frame.fail("return");
    },
    CHECKPREDICATE: checkPredicate,
  };
}

/** An opcode without a meaning yet. */
export const expansion: Operation = (frame) => {
  if (frame.expansionReserved) frame.fail("disallowed-opcode");
  else frame.charge(1);
};
