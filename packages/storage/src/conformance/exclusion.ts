/** Point 5: one writer wins, one opener at a time. */

import { StorageError } from "../error.ts";
import { ascii, assert, assertBytes, assertRejects, dump, withStore } from "./assert.ts";
import type { ConformanceHarness, StorageFactory } from "./harness.ts";
import { ask, forkAt } from "./parent.ts";

const WRITE = { sync: false };
const TIP = ascii("tip");

export function exclusionTests(harness: ConformanceHarness, factory: StorageFactory): void {
  const { it } = harness;

  it("lets exactly one of two writers move the tip", () =>
    withStore(factory, async (store) => {
      let tip: Uint8Array | undefined;
      for (let round = 0; round < 100; round++) {
        const move = (writer: number): Promise<void> =>
          store.batch(
            [
              { type: "put", key: TIP, value: Uint8Array.of(round, writer) },
              { type: "put", key: Uint8Array.of(1, round, writer), value: TIP },
            ],
            { sync: round % 20 === 0, expect: [{ key: TIP, value: tip }] },
          );
        const outcomes = await Promise.allSettled([move(1), move(2)]);
        const winners = outcomes.flatMap(({ status }, i) =>
          status === "fulfilled" ? [i + 1] : [],
        );
        assert(winners.length === 1, `round ${round}: ${winners.length} winners`);
        const [winner = 0] = winners;
        for (const outcome of outcomes) {
          if (outcome.status === "fulfilled") continue;
          const { reason } = outcome;
          assert(
            reason instanceof StorageError && reason.code === "store-conflict",
            `round ${round}: ${reason} instead of store-conflict`,
          );
          assertBytes(reason.key, TIP, "the key of the conflict");
        }
        tip = Uint8Array.of(round, winner);
        assertBytes(await store.get(TIP), tip, `round ${round}, the tip`);
        assertBytes(
          await store.get(Uint8Array.of(1, round, 3 - winner)),
          undefined,
          `round ${round}: something of the loser was written`,
        );
      }
    }));

  it("checks every expectation: equal, absent, empty", () =>
    withStore(factory, async (store) => {
      const empty = new Uint8Array(0);
      const done = ascii("done");
      await store.batch(
        [
          { type: "put", key: ascii("a"), value: ascii("1") },
          { type: "put", key: ascii("e"), value: empty },
        ],
        WRITE,
      );
      const put = { type: "put", key: done, value: done } as const;
      const a = { key: ascii("a"), value: ascii("1") };
      const refused = [
        [{ key: ascii("a"), value: ascii("2") }],
        [{ key: ascii("a"), value: ascii("11") }],
        [{ key: ascii("a"), value: empty }],
        [{ key: ascii("a"), value: undefined }],
        [{ key: ascii("e"), value: undefined }],
        [{ key: ascii("x"), value: empty }],
        [a, { key: ascii("x"), value: ascii("1") }],
      ];
      for (const [i, expect] of refused.entries()) {
        await assertRejects(store.batch([put], { ...WRITE, expect }), "store-conflict", `set ${i}`);
        await assertRejects(
          store.batch([], { ...WRITE, expect }),
          "store-conflict",
          `no rows ${i}`,
        );
      }
      assertBytes(await store.get(done), undefined, "nothing was written");
      await store.batch([put], {
        sync: true,
        expect: [a, { key: ascii("e"), value: empty }, { key: done, value: undefined }],
      });
      assertBytes(await store.get(done), done, "all held");
    }));

  it("counts right with many writers that try again", () =>
    withStore(factory, async (store) => {
      const key = ascii("counter");
      await store.batch([{ type: "put", key, value: Uint8Array.of(0) }], WRITE);
      const add = async (): Promise<void> => {
        for (let added = 0, attempts = 0; added < 25; attempts++) {
          // Of each round of attempts one wins: all are through after 200 rounds.
          assert(attempts < 2000, "conflicts without end");
          const value = await store.get(key);
          try {
            await store.batch([{ type: "put", key, value: Uint8Array.of((value?.[0] ?? 0) + 1) }], {
              ...WRITE,
              expect: [{ key, value }],
            });
            added++;
          } catch (error) {
            if (!(error instanceof StorageError && error.code === "store-conflict")) throw error;
          }
        }
      };
      await Promise.all(Array.from({ length: 8 }, add));
      assertBytes(await store.get(key), Uint8Array.of(200), "8 writers, 25 each");
    }));

  if (factory.persistence === "process") {
    for (const title of [SECOND_OPENER, OTHER_PROCESS])
      harness.inapplicable(title, "the store cannot be reached from outside the object");
    return;
  }

  it(SECOND_OPENER, () =>
    withStore(factory, async (store, place) => {
      for (let i = 0; i < 3; i++)
        await assertRejects(place.open(), "store-locked", "while the first has it");
      await store.batch([{ type: "put", key: TIP, value: TIP }], { sync: true });
      await store.close();
      const next = await place.open();
      try {
        assertBytes(await next.get(TIP), TIP, "the next opener");
        await assertRejects(store.open(), "store-locked", "the first again");
      } finally {
        await next.close();
      }
      await store.open();
      assert((await dump(store)).length === 1, "the first, when it is free again");
    }),
  );

  it(OTHER_PROCESS, () =>
    withStore(factory, async (store, place) => {
      await assertRejects(place.open(), "store-locked", "a second opener here");
      const child = forkAt(place);
      const answers = child.lines[Symbol.asyncIterator]();
      try {
        // After the refusal above: some locks are lost when a second handle is closed.
        const refused = await ask(child, answers, "open");
        assert(refused === "failed store-locked", `the child: ${refused}`);
        await store.close();
        const opened = await ask(child, answers, "open");
        assert(opened === "opened", `the child, when it is free: ${opened}`);
        await assertRejects(store.open(), "store-locked", "here, while the child has it");
      } finally {
        await child.kill();
      }
      await store.open();
    }),
  );
}

const SECOND_OPENER = "refuses a second opener of the same process";
const OTHER_PROCESS = "refuses an opener of another process, until the first is closed or dead";
