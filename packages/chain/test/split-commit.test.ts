import { openMemory, type StorageEngine } from "@bystack/storage";
import { expect, it } from "vitest";
import { openChain } from "../src/index.ts";
import {
  engine,
  extend,
  feed,
  genesisBranch,
  lateClock,
  params,
  soloChain,
  wrapped,
} from "./kit.ts";

const genesis = genesisBranch();
const best = extend(genesis);
const side = extend(genesis, [], "side");

/** The storage, whose batch number `last` is the last that is written. */
function crashing(storage: StorageEngine, last: number): StorageEngine {
  let written = 0;
  return wrapped(storage, {
    async batch(operations, options) {
      if (written === last) throw new Error("the power is gone");
      written++;
      return storage.batch(operations, options);
    },
  });
}

it("a block that takes several batches is there in full or not at all", async () => {
  let opened = 0;
  // Wherever a limit may cut its rows.
  for (let maxBatchBytes = 600; maxBatchBytes < 1000; maxBatchBytes += 4) {
    for (let batches = 0; ; batches++) {
      const storage = await openMemory({ maxBatchBytes });
      await feed(await soloChain({ storage }), [best]);
      const chain = await soloChain({ storage: crashing(storage, batches) });
      const isWritten = await chain.processBlock(side.block).then(
        () => true,
        () => false,
      );
      const again = await openChain({ params, engine, storage, clock: lateClock });
      expect(again.tip.hash).toEqual(best.node.hash);
      const found = await again.block(side.node.hash);
      if (found !== undefined) {
        expect(found.statusFailed).toEqual([false]);
        opened++;
      }
      if (isWritten) break;
    }
  }
  expect(opened).toBeGreaterThanOrEqual(100);
});
