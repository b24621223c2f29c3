/** In-memory transport, log and signer: for tests and for validators within one process. */
import { keyOf } from "../bytes.ts";
import type { SignRequest, SignState } from "../core/events.ts";
import { checkSignRequest } from "../core/sign-guard.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { SIGN_KIND } from "../signing.ts";
import type { Signer, Transport, Wal, WalEntry } from "./interfaces.ts";
import { encodeWalRecord } from "./wal-codec.ts";

interface Member {
  readonly idKey: Uint8Array;
  receive(from: Uint8Array, bytes: Uint8Array): void;
  connected(peer: Uint8Array): void;
}

/** A switch that connects the transports made from it. Messages arrive in a later microtask. */
export interface MemoryHub {
  /** A transport for one identity key. */
  connect(idKey: Uint8Array): Transport;
}

export function createMemoryHub(): MemoryHub {
  const members = new Map<string, Member>();
  return {
    connect(idKey) {
      const own = keyOf(idKey);
      const member: Member = { idKey, receive() {}, connected() {} };
      let isOpen = true;
      members.set(own, member);
      return {
        isAuthenticated: true,
        send(to, bytes) {
          const copy = bytes.slice();
          queueMicrotask(() => {
            if (isOpen) members.get(keyOf(to))?.receive(idKey, copy);
          });
        },
        onMessage(callback) {
          member.receive = callback;
          // Whoever listens can be reached from now on.
          for (const other of members.values())
            if (other !== member) queueMicrotask(() => other.connected(idKey));
        },
        onConnect(callback) {
          member.connected = callback;
          for (const other of members.values())
            if (other !== member) queueMicrotask(() => callback(other.idKey));
        },
        rtt: () => 0,
        async close() {
          isOpen = false;
          if (members.get(own) === member) members.delete(own);
        },
      };
    },
  };
}

declare function queueMicrotask(callback: () => void): void;

/** A log that lives as long as the process; complete, as long as nobody needs it longer. */
export function createMemoryWal(
  entries: readonly WalEntry[] = [encodeWalRecord({ type: "complete" })],
): Wal {
  let kept = [...entries];
  return {
    async append(entry) {
      kept.push(entry);
    },
    async *replay() {
      yield* [...kept];
    },
    async truncate(replacement) {
      kept = [...replacement];
    },
    async close() {},
  };
}

/**
 * A signer with the keys in memory and its own guard against signing twice; `last` is what was
 * signed last, from the write-ahead log. On a chain that changed its scheme `keyAt` gives the vote
 * key in force at a height.
 */
export function createLocalSigner(input: {
  readonly scheme: SignatureScheme;
  readonly voteSecret: Uint8Array;
  readonly identity: Pick<SignatureScheme, "sign">;
  readonly idSecret: Uint8Array;
  readonly last?: SignState | undefined;
  keyAt?(height: bigint): { readonly scheme: SignatureScheme; readonly voteSecret: Uint8Array };
}): Signer {
  let { last } = input;
  return {
    async sign(request: SignRequest) {
      const stored = checkSignRequest(last, request);
      if (stored !== undefined) return stored;
      const { scheme, voteSecret } = input.keyAt?.(request.height) ?? input;
      const signature =
        request.kind === SIGN_KIND.PROPOSAL
          ? input.identity.sign(input.idSecret, request.bytes)
          : scheme.sign(voteSecret, request.bytes);
      last = { ...request, signature };
      return signature;
    },
    identitySign: async (bytes) => input.identity.sign(input.idSecret, bytes),
  };
}
