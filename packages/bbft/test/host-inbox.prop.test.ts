import fc from "fast-check";
import { expect, it } from "vitest";
import { Inbox } from "../src/host/inbox.ts";
import { indexIn, Peers } from "../src/host/peers.ts";
import {
  BbftError,
  encodeEnvelope,
  encodeMessage,
  envelopeBytes,
  MESSAGE_TYPE,
} from "../src/index.ts";
import { chainId, secretOf } from "./helpers.ts";
import { createContext, keys, scheme, validators } from "./host-helpers.ts";

const EPOCH_LENGTH = 10;
const context = createContext(validators);
const known = {
  context,
  contextOf: (epoch: bigint) => (epoch === 0n ? context : undefined),
  indexIn: (one: typeof context) => indexIn(one, keys[0] ?? chainId),
};
const [, peer = chainId] = keys;
const createInbox = () =>
  new Inbox({ chainId, identity: scheme, isAuthenticated: true }, new Peers(known, EPOCH_LENGTH));
const type = fc.constantFrom(...Object.values(MESSAGE_TYPE));
/** Small numbers in front, as epochs, heights and lengths are, or anything. */
const payload = fc
  .tuple(
    fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 255), { maxLength: 40 }),
    fc.uint8Array({ maxLength: 300 }),
  )
  .map(([head, rest]) => Uint8Array.from([...head, ...rest]));

it("whatever a peer sends is a message, nothing, or the package's error", () => {
  let seq = 0n;
  const inbox = createInbox();
  fc.assert(
    fc.property(type, payload, fc.nat(3), (first, rest, receiver) => {
      const message = Uint8Array.from([first, ...rest]);
      const signature = new Uint8Array(64);
      const envelope = encodeEnvelope({ sender: 1, receiver, seq: ++seq, message, signature });
      try {
        const opened = inbox.open(peer, envelope);
        if (typeof opened === "object") expect(opened).toMatchObject({ type: "message", from: 1 });
      } catch (error) {
        expect(error).toBeInstanceOf(BbftError);
      }
    }),
    { numRuns: 2000 },
  );
});

it("no bytes are anything else", () => {
  const inbox = createInbox();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => inbox.open(peer, bytes)).toThrow(BbftError);
    }),
  );
});

it("takes no envelope twice, and on an open link none that its sender did not sign", () => {
  const inbox = new Inbox(
    { chainId, identity: scheme, isAuthenticated: false },
    new Peers(known, EPOCH_LENGTH),
  );
  const message = encodeMessage({ type: "proof-request", height: 5n });
  const [first = 0] = message;
  const seal = (seq: bigint, signer: number): Uint8Array => {
    const head = { sender: 1, receiver: 0, seq };
    const signed = envelopeBytes(chainId, { ...head, type: first, payload: message.subarray(1) });
    return encodeEnvelope({ ...head, message, signature: scheme.sign(secretOf(signer), signed) });
  };
  expect(() => inbox.open(peer, seal(9n, 2))).toThrow("signature");
  expect(inbox.open(peer, seal(7n, 1))).toMatchObject({ type: "message", from: 1 });
  for (const seq of [7n, 6n]) expect(() => inbox.open(peer, seal(seq, 1))).toThrow("stale");
  expect(inbox.open(peer, seal(8n, 1))).toMatchObject({ type: "message" });
  expect(inbox.open(Uint8Array.from(chainId), seal(9n, 1))).toBeUndefined();
  // Anybody could play a new connection's messages of before.
  inbox.onConnected(peer);
  expect(() => inbox.open(peer, seal(7n, 1))).toThrow("stale");
});

it("lets a peer count anew when it connects again, over a link that only it can write to", () => {
  const message = encodeMessage({ type: "proof-request", height: 5n });
  const envelopeAt = (seq: bigint): Uint8Array =>
    encodeEnvelope({ sender: 1, receiver: 0, seq, message, signature: new Uint8Array(64) });
  const inbox = createInbox();
  inbox.open(peer, envelopeAt(1_000_000n));
  expect(() => inbox.open(peer, envelopeAt(500n))).toThrow("stale");
  inbox.onConnected(peer);
  expect(inbox.open(peer, envelopeAt(500n))).toMatchObject({ type: "message" });
  expect(() => inbox.open(peer, envelopeAt(500n))).toThrow("stale");
});
