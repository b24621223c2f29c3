import { expect, it } from "vitest";
import type { ValidatorSet } from "../src/index.ts";
import { createTestNetwork, parameters, type TestNetwork, validators } from "./host-helpers.ts";

const EPOCH_LENGTH = 10;

/** The same validators, each at another place than in the epoch before. */
function setOf(epoch: bigint): ValidatorSet {
  const { length } = validators.validators;
  const rotated = validators.validators.map(
    (_, place, all) => all[(place + Number(epoch)) % length] ?? all[0],
  );
  return { ...validators, epoch, validators: rotated.filter((one) => one !== undefined) };
}

function changeSets({ applications }: TestNetwork): void {
  for (const application of applications) {
    const { prepare, validate, commit } = application;
    const next = (height: bigint) =>
      height % BigInt(EPOCH_LENGTH) === 0n
        ? { nextValidators: setOf(height / BigInt(EPOCH_LENGTH)) }
        : {};
    Object.assign(application, {
      validators: async (epoch: bigint) => setOf(epoch),
      prepare: async (...asked: Parameters<typeof prepare>) => ({
        ...(await prepare(...asked)),
        ...next(asked[0].height),
      }),
      validate: async (...asked: Parameters<typeof validate>) => ({
        ...(await validate(...asked)),
        ...next(asked[0].height),
      }),
      // Who gets a block only with its proof never judged it.
      commit: async (...asked: Parameters<typeof commit>) => ({
        ...(await commit(...asked)),
        ...next(asked[0].height),
      }),
    });
  }
}

it("a validator that missed the end of an epoch gets it from those who are in the next", async () => {
  const network = createTestNetwork({ parameters: { ...parameters, epochLength: EPOCH_LENGTH } });
  changeSets(network);
  const { clock, heightOf, start, stop } = network;
  await Promise.all([0, 1, 2, 3].map((index) => start(index)));
  await clock.until(() => heightOf(3) === 7);
  await stop(3);
  await clock.until(() => heightOf(0) >= EPOCH_LENGTH + 2);
  await stop(2);
  const left = heightOf(0);
  await start(3);
  // It is needed for every quorum, and is in the next epoch only with what the others have.
  await clock.until(() => heightOf(0) >= left + 5 && heightOf(3) >= left + 5);
  expect(network.applications[3]?.decisions.slice(0, left + 5)).toEqual(
    network.applications[0]?.decisions.slice(0, left + 5),
  );
});

it("a validator that missed whole epochs hears of it from peers whose places it cannot know", async () => {
  const network = createTestNetwork({ parameters: { ...parameters, epochLength: EPOCH_LENGTH } });
  changeSets(network);
  const { applications, clock, heightOf, start, stop } = network;
  const asked: bigint[] = [];
  Object.assign(applications[3] ?? {}, {
    async *synchronize(from: bigint) {
      asked.push(from);
      for (let height = Number(from); height <= heightOf(0); height++)
        yield applications[0]?.decisions[height - 1];
    },
  });
  await Promise.all([0, 1, 2, 3].map((index) => start(index)));
  await clock.until(() => heightOf(3) === 7);
  await stop(3);
  await clock.until(() => heightOf(0) >= 3 * EPOCH_LENGTH + 3);
  const left = heightOf(0);
  await start(3);
  await clock.until(() => heightOf(3) >= left);
  expect(asked[0]).toBe(8n);
  // In the epoch after, everybody is again where this one left them.
  expect(heightOf(0)).toBeLessThan(4 * EPOCH_LENGTH);
});
