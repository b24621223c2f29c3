import { sameBytes } from "../bytes.ts";
import { checkCertificate, checkProofBinding } from "../certificate.ts";
import type { Decision } from "../core/events.ts";
import { BbftError } from "../error.ts";
import { type ContextOf, decisionFromJson } from "../node/remote-application/values.ts";
import { hash } from "../signing.ts";
import { ask } from "./ask.ts";

/** How long another process may take to answer, milliseconds. */
const FETCH_MS = 1000;

/**
 * Decisions from `from` on, as long as one of the other processes has the next. Each is proven: who
 * answers with anything else is passed over like one that does not answer.
 */
export async function* fetchDecisions(
  ports: readonly number[],
  from: bigint,
  chainId: Uint8Array,
  contextOf: ContextOf,
): AsyncGenerator<Decision> {
  let order = [...ports];
  for (let height = from; ; height++) {
    let found: Decision | undefined;
    for (const port of order) {
      const line = await ask(port, `/decisions/${height}`, FETCH_MS);
      found = line === undefined ? undefined : readDecision(line, height, chainId, contextOf);
      if (found === undefined) continue;
      // Whoever had this one is asked first for the next: a dead process costs its wait once.
      order = [port, ...order.filter((other) => other !== port)];
      break;
    }
    if (found === undefined) return;
    yield found;
  }
}

function readDecision(
  line: string,
  height: bigint,
  chainId: Uint8Array,
  contextOf: ContextOf,
): Decision | undefined {
  try {
    const decision = decisionFromJson(JSON.parse(line), contextOf);
    const { proof, body } = decision;
    const { certificate, appBlockId, engineHash } = proof;
    const context = contextOf(certificate.epoch);
    const isAbout =
      decision.height === height &&
      certificate.height === height &&
      sameBytes(body.appBlockId, appBlockId) &&
      sameBytes(hash(body.appBlock), appBlockId) &&
      sameBytes(hash(body.engineData), engineHash);
    if (!isAbout || context === undefined) return undefined;
    checkProofBinding(proof);
    checkCertificate(certificate, chainId, context.electorate, context.scheme);
    return decision;
  } catch (error) {
    if (error instanceof BbftError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
