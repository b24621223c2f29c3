/** What a core is made with. */
import type { CommitProof } from "../certificate.ts";
import type { ValidatorSet } from "../validator-set.ts";
import type { EpochContext } from "./epoch-context.ts";
import type { DecidedData, EpochOutcome } from "./epoch-outcome.ts";
import type { VotingRules } from "./voting-rules.ts";

export interface CoreOptions {
  readonly chainId: Uint8Array;
  /** The own identity key; a node whose key is in no set observes. */
  readonly idKey: Uint8Array;
  /** The context of the epoch of the first height. */
  readonly context: EpochContext;
  /** The context of the epoch before it; needed unless that is the first. */
  readonly previousContext?: EpochContext | undefined;
  /**
   * Makes the context of a later epoch: topology, scheme, electorate. Pure: everybody must come to
   * the same one.
   *
   * @param outcome what the blocks of the epoch before decided; its parameters must be taken over
   */
  createContext(set: ValidatorSet, previous: EpochContext, outcome: EpochOutcome): EpochContext;
  /** The application's id of the bytes of a block. Pure. */
  identify(appBlock: Uint8Array): Uint8Array;
  /** Height of the first block to decide; 1 for a new chain. */
  readonly height?: bigint | undefined;
  /** Id of the block before it; the genesis block's for a new chain. */
  readonly lastAppBlockId: Uint8Array;
  /** Proof of the block before it; undefined for a new chain. */
  readonly lastProof?: CommitProof | undefined;
  /**
   * The blocks since the epoch before began, ascending, for a core that does not start with the
   * chain: what they hold (reports, complaints, evidence) must not be included again.
   */
  readonly decided?: Iterable<DecidedData> | undefined;
  /**
   * Does the application know the validators of all epochs, and which offenses its blocks hold?
   * Then evidence counts for `evidenceMaxAge` heights, else in its epoch and the next one only. The
   * same for every validator of a chain.
   */
  readonly remembersOffenses?: boolean | undefined;
  /** The write-ahead log was lost: stay silent until it is safe (section 15, item 4). */
  readonly hasLostLog?: boolean | undefined;
  /** @internal other rules than the protocol's: how the explorer shows that each is needed */
  readonly rules?: VotingRules | undefined;
}
