import { blockHash, bytomSolonet, decodeBlock, toHex } from "@bystack/butxo";
import {
  type Chain,
  ChainError,
  type ConsensusEngine,
  openChain,
  proofOfWorkEngine,
  type WorkClaim,
} from "@bystack/chain";
import { openMemory } from "@bystack/storage";
import { createHasher } from "@bystack/tensority";
import { allKernels, enableRelaxedSimd } from "@bystack/tensority/relaxed";
import {
  bytes,
  count,
  equal,
  type Fields,
  flag,
  ifPresent,
  integer,
  list,
  object,
  text,
} from "../check.ts";
import type { HandlerContext } from "../runner.ts";
import { codeOfText } from "./error-codes.ts";

/** The main chain's engine with real proof of work, computed in this thread. */
export function realProofOfWork(): ConsensusEngine {
  enableRelaxedSimd();
  const hasher = createHasher({ kernels: allKernels });
  return proofOfWorkEngine({
    verifyWork: async ({ headerHash, seed, target }: WorkClaim) =>
      hasher.verify(headerHash, seed, target),
  });
}

/** The same engine for recordings whose blocks were never mined. */
export function unminedWork(): ConsensusEngine {
  return proofOfWorkEngine({ verifyWork: async () => true });
}

/** A chain in memory, with a clock that is later than every recording. */
export async function memoryChain(engine: ConsensusEngine, genesisHex?: string): Promise<Chain> {
  const genesis =
    genesisHex === undefined
      ? undefined
      : decodeBlock(bytes(genesisHex, "genesis"), bytomSolonet.dialect);
  const storage = await openMemory();
  return openChain({ params: bytomSolonet, genesis, engine, storage, clock: Date });
}

/**
 * Feeds one recorded step and compares the answer and the state after it.
 *
 * @see vectors/ledger/README.md, `chain_reorg.json`
 */
export async function playStep(chain: Chain, step: Fields): Promise<void> {
  equal(text(step["action"], "action"), "block", "action");
  const block = decodeBlock(bytes(step["block"], "block"), chain.params.dialect);
  const hash = blockHash(block.header);
  ifPresent(step, "hash", (expected) => equal(hash, expected, "hash"));
  ifPresent(step, "height", (height) =>
    equal(block.header.height, integer(height, "height"), "height"),
  );
  let error = "";
  let isOrphan = false;
  try {
    ({ isOrphan } = await chain.processBlock(block));
  } catch (thrown) {
    if (!(thrown instanceof ChainError)) throw thrown;
    error = thrown.code;
    compareDetail(thrown, step);
  }
  ifPresent(step, "error", (expected) => {
    const named = text(expected, "error");
    equal(error, named === "" ? "" : codeOfText(named), "error");
  });
  ifPresent(step, "is_orphan", (expected) =>
    equal(isOrphan, flag(expected, "is_orphan"), "is_orphan"),
  );
  ifPresent(step, "best_hash", (hash) => equal(toHex(chain.tip.hash), hash, "best_hash"));
  ifPresent(step, "best_height", (height) =>
    equal(chain.tip.height, integer(height, "best_height"), "best_height"),
  );
  ifPresent(step, "bits", (bits) =>
    equal(sealBits(block.header.seal), integer(bits, "bits"), "bits"),
  );
  const node = chain.nodeByHash(hash);
  if (node !== undefined)
    ifPresent(step, "work_sum", (sum) => equal(node.weight, integer(sum, "work_sum"), "work_sum"));
  await compareUtxos(chain, step);
}

/** The reference's full text is `where: …: reason: root error`; ours is an error with the reason as its cause. */
function compareDetail(thrown: ChainError, step: Fields): void {
  ifPresent(step, "error_full", (full) => {
    const parts = text(full, "error_full").split(": ");
    equal(thrown.code, codeOfText(parts.at(-1) ?? ""), "error_full");
    const { cause } = thrown;
    if (cause instanceof ChainError)
      equal(cause.code, codeOfText(parts.at(-2) ?? ""), "error_full");
  });
}

function sealBits(seal: { type: string; bits?: bigint }): bigint | undefined {
  return seal.bits;
}

/** Compares digest and number of the unspent outputs. */
export async function compareUtxos(chain: Chain, expected: Fields): Promise<void> {
  if (!("utxo_digest" in expected) && !("utxo_count" in expected)) return;
  const state = await chain.utxoDigest();
  ifPresent(expected, "utxo_digest", (digest) => equal(toHex(state.digest), digest, "utxo_digest"));
  ifPresent(expected, "utxo_count", (number) =>
    equal(state.count, count(number, "utxo_count"), "utxo_count"),
  );
}

/** Compares all unspent outputs with a list of them. */
export async function compareFinalUtxos(chain: Chain, outputs: unknown): Promise<void> {
  const expectedOutputs = list(outputs, "final_utxos");
  equal((await chain.utxoDigest()).count, expectedOutputs.length, "number of final_utxos");
  for (const item of expectedOutputs) {
    const expected = object(item, "final_utxos");
    const id = bytes(expected["id"], "id");
    const found = await chain.output(id);
    const isCoinbase = flag(expected["coinbase"], "coinbase");
    equal(found?.isSpent, false, `output ${toHex(id)} is spent`);
    equal(found?.isCoinbase, isCoinbase, `output ${toHex(id)} is a coinbase`);
    if (isCoinbase)
      equal(found?.blockHeight, integer(expected["height"], "height"), `height of ${toHex(id)}`);
  }
}

/** Plays all steps of a file as one case each. */
export async function playSteps(
  chain: Chain,
  steps: unknown,
  { check }: HandlerContext,
): Promise<void> {
  for (const [i, item] of list(steps, "steps").entries())
    await check(`step ${i}`, () => playStep(chain, object(item, `step ${i}`)));
}
