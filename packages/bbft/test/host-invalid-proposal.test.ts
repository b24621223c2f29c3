import { expect, it } from "vitest";
import { decodeMessage } from "../src/index.ts";
import { createContext, createTestNetwork, validators } from "./host-helpers.ts";

/** @see spec 90-bbft, section 10.3 "Cases" */
it("a block that the application refuses ends its view, and the application has the leader's word", async () => {
  const network = createTestNetwork({});
  const { clock, applications, heightOf, start, views } = network;
  const refused: { readonly index: number; readonly proposal: Uint8Array; leader: number }[] = [];
  for (const [index, application] of applications.entries()) {
    const { validate } = application;
    Object.assign(application, {
      validate: (...[place, ...rest]: Parameters<typeof validate>) =>
        place.height === 2n && place.view === 0
          ? Promise.resolve({ isAccepted: false })
          : validate(place, ...rest),
      onInvalidProposal: (proposal: Uint8Array, leader: number) =>
        refused.push({ index, proposal, leader }),
    });
  }
  await Promise.all([0, 1, 2, 3].map((index) => start(index)));
  await clock.until(() => [0, 1, 2, 3].every((index) => heightOf(index) >= 3));
  expect(views.some(({ height, view }) => height === 2n && view === 1)).toBe(true);
  const [first] = refused;
  // Everybody but the leader, once.
  expect(refused.map(({ index }) => index).sort()).toEqual(
    [0, 1, 2, 3].filter((index) => index !== first?.leader),
  );
  const context = createContext(validators);
  for (const { proposal, leader } of refused) {
    const message = decodeMessage(proposal, context);
    expect(message).toMatchObject({ type: "proposal", proposal: { leader, height: 2n, view: 0 } });
  }
});
