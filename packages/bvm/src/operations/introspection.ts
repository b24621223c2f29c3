/** @see spec 20-bvm, section 6.7 "Introspection" */
import type { Context } from "../context.ts";
import type { Frame } from "../frame.ts";
import { itemBytes, itemOf, itemOfInt } from "../item.ts";
import type { Operation, Operations } from "./operation.ts";

function pushBytes(read: (context: Context) => Uint8Array | undefined): Operation {
  return (frame) => {
    const value = read(frame.environment.context);
    if (value === undefined) frame.fail("context");
    else frame.pushLater(itemOf(value));
  };
}

function pushInteger(read: (context: Context) => bigint | undefined): Operation {
  return (frame) => {
    const value = read(frame.environment.context);
    if (value === undefined) frame.fail("context");
    else frame.pushLater(itemOfInt(BigInt.asIntN(64, value)));
  };
}

/** A number of at least 0; undefined when the frame failed. */
function popNatural(frame: Frame): bigint | undefined {
  const value = frame.popIntLater();
  if (value === undefined) return undefined;
  return value < 0 ? frame.fail("bad-value") : BigInt(value);
}

const checkOutput: Operation = (frame) => {
  const program = frame.popLater();
  if (program === undefined) return;
  const vmVersion = popNatural(frame);
  if (vmVersion === undefined) return;
  const assetId = frame.popLater();
  if (assetId === undefined) return;
  const amount = popNatural(frame);
  if (amount === undefined) return;
  const index = popNatural(frame);
  if (index === undefined) return;
  const check = frame.environment.context.checkOutput;
  if (check === undefined) return frame.fail("context");
  const answer = check({
    index,
    amount,
    assetId: itemBytes(assetId),
    vmVersion,
    program: itemBytes(program),
    expansion: frame.expansionReserved,
  });
  if (typeof answer === "string") frame.fail(answer);
  else frame.pushBooleanLater(answer);
};

export function introspectionOperations(): Operations {
  return {
    CHECKOUTPUT: checkOutput,
    ASSET: pushBytes(({ assetId }) => assetId),
    AMOUNT: pushInteger(({ amount }) => amount),
    PROGRAM(frame) {
      frame.pushLater(itemOf(frame.environment.program));
    },
    INDEX: pushInteger(({ destinationPosition }) => destinationPosition),
    ENTRYID: pushBytes(({ entryId }) => entryId),
    OUTPUTID: pushBytes(({ spentOutputId }) => spentOutputId),
    BLOCKHEIGHT: pushInteger(({ blockHeight }) => blockHeight),
  };
}
