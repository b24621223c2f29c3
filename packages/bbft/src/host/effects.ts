/**
 * Carries out what the core wants, in its order.
 *
 * @see spec 90-bbft, section 16 "Library interfaces"
 */
import type { BbftCore } from "../core/core.ts";
import type { Effect, Event } from "../core/events.ts";
import { encodeMessage } from "../core/message-codec.ts";
import type { ApplicationCalls } from "./application-calls.ts";
import type { EventLoop } from "./event-loop.ts";
import type { Application, Signer } from "./interfaces.ts";
import type { NodeLog } from "./node-log.ts";
import type { NodeEvents } from "./node-options.ts";
import type { Outbox } from "./outbox.ts";
import type { Peers } from "./peers.ts";
import type { Synchronization, Synchronized } from "./synchronization.ts";
import type { NodeTimers } from "./timers.ts";
import type { Verification } from "./verification.ts";

export interface EffectParts {
  readonly core: BbftCore;
  readonly loop: EventLoop;
  readonly peers: Peers;
  readonly log: Pick<NodeLog, "write">;
  readonly timers: NodeTimers;
  readonly outbox: Outbox;
  readonly signer: Signer;
  readonly verification: Verification;
  readonly calls: ApplicationCalls;
  readonly application: Pick<Application, "onEvidence" | "onInvalidProposal">;
  readonly synchronization: Synchronization;
  readonly events: NodeEvents;
  /** The own latency report, where one is due at a height. */
  measureLatency(height: bigint): Promise<Uint8Array | undefined>;
}

export class Effects {
  readonly #parts: EffectParts;

  constructor(parts: EffectParts) {
    this.#parts = parts;
  }

  async carryOutAll(effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) {
      // What is left out is lost as in a crash; a stopped node must not send or start a timer.
      if (this.#parts.loop.isClosed) return;
      await this.#carryOut(effect);
    }
  }

  async #carryOut(effect: Effect): Promise<void> {
    const { application, calls, events, log, loop, outbox, peers, signer, timers } = this.#parts;
    switch (effect.type) {
      case "send":
        await outbox.send(effect.to, effect.message);
        return;
      case "persist":
        await log.write(effect.record, effect.sync);
        return;
      case "sign": {
        const signature = await signer.sign(effect.request);
        loop.push({ type: "signed", id: effect.id, signature });
        return;
      }
      case "sign-identity": {
        const signature = await signer.identitySign(effect.bytes);
        loop.push({ type: "signed", id: effect.id, signature });
        return;
      }
      case "verify":
        this.#parts.verification.run(effect.id, effect.check);
        return;
      case "set-timer":
        timers.set(effect.key, effect.ms);
        return;
      case "clear-timer":
        timers.clear(effect.key);
        return;
      case "prepare":
        calls.prepare(effect);
        return;
      case "validate":
        calls.validate(effect);
        return;
      case "commit":
        calls.commit(effect, (committed) => this.#onDurable(effect, committed));
        return;
      case "load":
        calls.load(effect);
        return;
      case "recall-epoch":
        calls.recallEpoch(effect);
        return;
      case "recall-offense":
        calls.recallOffense(effect);
        return;
      case "evidence":
        application.onEvidence(effect.evidence, effect.validator);
        return;
      case "invalid-proposal": {
        const { proposal } = effect;
        application.onInvalidProposal?.(
          encodeMessage({ type: "proposal", proposal }),
          proposal.leader,
        );
        return;
      }
      case "blame": {
        const idKey = peers.keyAt(effect.validator);
        if (idKey !== undefined) events.onBlame?.(idKey, effect.reason);
        return;
      }
      case "behind":
        loop.beside(this.#parts.synchronization.run(this.#synchronized()), () => {});
        return;
      case "view":
        events.onView?.(effect.height, effect.view);
        return;
      case "fatal":
        throw effect.error;
      default:
        effect satisfies never;
    }
  }

  #onDurable({ decision }: Extract<Effect, { type: "commit" }>, committed: Event): void {
    const { events, loop } = this.#parts;
    events.onDecision?.(decision);
    loop.push(committed);
    loop.beside(this.#parts.measureLatency(decision.height + 1n), (report) => {
      if (report !== undefined) loop.push({ type: "latency", report });
    });
  }

  /** A peer speaks of an epoch that is not reached yet. */
  onAhead(): void {
    const { loop, synchronization } = this.#parts;
    loop.beside(synchronization.runOnHint(this.#synchronized()), () => {});
  }

  #synchronized(): Synchronized {
    const { core, loop } = this.#parts;
    return {
      get height(): bigint {
        return core.height;
      },
      get isClosed(): boolean {
        return loop.isClosed;
      },
      onBlock: ({ proof, body }) => loop.push({ type: "synchronized", proof, body }),
    };
  }
}
