import { expect, it } from "vitest";
import { drive, value, vote, voteOf } from "./core-driver.ts";

/** @see spec 90-bbft, section 13.4 "Catch-up" */
it("a height that nobody can have reached hides no other peer's word", () => {
  const { step, give, count, effects } = drive(3);
  step({ type: "start" });
  const voteAt = (signer: number, height: bigint) =>
    vote({ ...voteOf(signer, 1, 0, value(1)), height, epoch: (height - 1n) / 1200n });
  for (let i = 0; i < 3; i++) give(1, voteAt(1, 1n << 60n));
  expect(count("behind")).toBe(1);
  give(2, voteAt(2, 100n));
  give(2, voteAt(2, 100n));
  give(2, voteAt(2, 101n));
  expect(effects.filter(({ type }) => type === "behind")).toEqual([
    { type: "behind", height: 1n, seen: 1n << 60n },
    { type: "behind", height: 1n, seen: 100n },
    { type: "behind", height: 1n, seen: 101n },
  ]);
});
