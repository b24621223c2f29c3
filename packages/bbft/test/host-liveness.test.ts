import { describe, expect, it } from "vitest";
import { createTestNetwork } from "./host-helpers.ts";

describe("with one of four validators dead", () => {
  it("a view timer that expires while the next view is entered does not end that one", async () => {
    const network = createTestNetwork({ flushMs: 5 });
    await network.start(1);
    await network.start(2);
    // The last one joins the others' timeouts, and its own timer expires during that flush.
    await network.clock.sleep(8);
    await network.start(3);
    await network.clock.until(() => network.heightOf(3) >= 10);
    expect(network.views.filter(({ view }) => view > 1)).toEqual([]);
    expect(new Set(network.decisions.map(({ view }) => view))).toEqual(new Set([1]));
  });
});
