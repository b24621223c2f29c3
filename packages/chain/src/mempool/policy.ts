import { isBtm, type Transaction, toHex } from "@bystack/butxo";
import { ChainError } from "../error.ts";

/**
 * Which of two pool transactions stays when both spend one output. `first-seen`: the first.
 * `replace-by-fee`: the second, when it pays more than all that it drives out, and more for a byte
 * than each that it conflicts with. `accept`: both, as the original node does; the block decides.
 * There, what can be in no block any more stays too, until a template finds it.
 */
export type ConflictPolicy = "first-seen" | "replace-by-fee" | "accept";

/**
 * What happens when the pool is full. `evict`: what pays least for a byte goes, if the newcomer pays
 * more. `refuse`: the newcomer is refused, as by the original node.
 */
export type FullPolicy = "evict" | "refuse";

/** How much the mempool holds. */
export interface MempoolLimits {
  readonly transactions: number;
  /** Sum of serialized sizes. */
  readonly bytes: number;
  readonly orphans: number;
  readonly orphanBytes: number;
  /** Milliseconds that an orphan waits for what it spends. */
  readonly orphanLifetimeMs: number;
  /** Refused transactions whose error is remembered until the tip moves. */
  readonly refusals: number;
}

/** Counts and times of the original node, and bounds in bytes of our own. */
export const DEFAULT_LIMITS: MempoolLimits = {
  transactions: 10_000,
  bytes: 64 * 2 ** 20,
  orphans: 2_000,
  orphanBytes: 8 * 2 ** 20,
  orphanLifetimeMs: 10 * 60 * 1000,
  refusals: 1_000,
};

/** Programs of stolen coins. A matter of this pool: blocks that spend them are valid. */
const BANNED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "00205ed7a7a4b2eefa30918e5643fbee1c10ec9c6cc18fa05aa44c417e40a26c823c",
  "00207261ab30edd9b1b5e60c7c173dc43ea8945af8d5784f82c7950a832b2016add1",
  "00206119cb7ddbcd222970e0d7390e67e9e9fe557cf954185c8671857470e594cf09",
  "002055a48737d18ad264e3e7992b76a428cbff4fdc3eeb6e8c2424a7e46c2b8b659e",
  "0014e0035362db772a9410dc4918652b050ed6f99f7b",
]);

/** Bytes. */
const LONGEST_BANNED = 34;

/**
 * What the pool does not take although a block may. Looks at the transaction as it came: the ids of
 * one with hundreds of thousands of tiny parts cost far more than its bytes did.
 *
 * @throws {@link ChainError} `input-script-have-been-banned` | `transaction-is-dust-tx`
 * @see spec 10-ledger, section 11 "Transaction pool", steps 1 and 3
 */
export function checkPolicy({ inputs, outputs }: Transaction): void {
  const banned = inputs.findIndex(
    (input) => input.type === "spend" && isBanned(input.controlProgram),
  );
  if (banned >= 0) throw new ChainError("input-script-have-been-banned", { inputIndex: banned });
  const paysBtm = inputs.some((input) => input.type === "spend" && isBtm(input.assetId));
  // What is not understood has no amount.
  const hasEmptyOutput = outputs.some(
    (output) => output.type === "unknown" || output.amount === 0n,
  );
  if (paysBtm && !hasEmptyOutput) return;
  throw new ChainError("transaction-is-dust-tx", {
    detail: paysBtm ? "an output of nothing" : "no BTM comes in",
  });
}

function isBanned(program: Uint8Array): boolean {
  return program.length <= LONGEST_BANNED && BANNED.has(toHex(program));
}
