import { describe, expect, it, vi } from "vitest";
import { extendMany, feed, genesisBranch, last, soloChain } from "./kit.ts";

const genesis = genesisBranch();
const main = extendMany(genesis, 5);

describe("events", () => {
  it("goes on when a listener throws, and logs it", async () => {
    const error = vi.fn();
    const quiet = () => {};
    const chain = await soloChain({ logger: { debug: quiet, info: quiet, warn: quiet, error } });
    const heard: bigint[] = [];
    chain.onTip(() => {
      throw new Error("mine");
    });
    const stop = chain.onTip(({ tip: { height } }) => heard.push(height));
    await feed(chain, main.slice(0, 2));
    stop();
    await feed(chain, main.slice(2));
    expect(heard).toEqual([1n, 2n]);
    expect(error).toHaveBeenCalledTimes(5);
    expect(chain.tip.height).toBe(5n);
  });

  it("gives a slow reader several moves as one, and every block", async () => {
    const chain = await soloChain();
    const changes = chain.tipChanges();
    const first = changes.next();
    await feed(chain, main);
    const side = extendMany(main[2] ?? genesis, 4, "side");
    const attached = (await first).value?.attached.length;
    await feed(chain, side);
    const second = (await changes.next()).value;
    expect(attached).toBeGreaterThan(0);
    expect(second?.tip.hash).toEqual(last(side).node.hash);
    const closing = changes.next();
    await chain.close();
    expect((await closing).done).toBe(true);
  });

  it("ends when the signal is aborted", async () => {
    const chain = await soloChain();
    const controller = new AbortController();
    const next = chain.tipChanges({ signal: controller.signal }).next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
