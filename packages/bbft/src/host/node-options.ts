/** What a node is made with, and what it tells its owner. */
import type { Decision, SignState } from "../core/events.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import type { Application, Clock, Signer, Transport, Verifier, Wal } from "./interfaces.ts";
import type { CreateContext } from "./starting-point.ts";

export interface NodeOptions {
  readonly chainId: Uint8Array;
  readonly idKey: Uint8Array;
  readonly epochLength: number;
  /** Verifies envelopes and proposals. */
  readonly identity: Pick<SignatureScheme, "verify">;
  /** Topology, scheme and parameters for a validator set, see `createContextFactory`. */
  readonly createContext: CreateContext;
  /** Schemes of earlier epochs, for evidence of that time; the one in force need not be named. */
  readonly pastSchemes?: readonly SignatureScheme[] | undefined;
  /**
   * The log is lost or not to be trusted, an old copy, say: follow the others without signing until
   * that is safe again. To be said for one start; the log knows when the silence is over.
   */
  readonly hasLostLog?: boolean | undefined;
}

export interface NodeModules {
  readonly application: Application;
  readonly transport: Transport;
  /** Made after the log was read, with the last signature in it. */
  createSigner(last: SignState | undefined): Signer;
  readonly clock: Clock;
  readonly wal: Wal;
  readonly verifier?: Verifier | undefined;
}

/** What a node tells its owner. */
export interface NodeEvents {
  onDecision?(decision: Decision): void;
  onView?(height: bigint, view: number): void;
  /** A peer broke a rule; its identity key, and which rule. */
  onBlame?(idKey: Uint8Array, reason: string): void;
  /** The node has stopped by itself. */
  onFatal?(error: unknown): void;
}
