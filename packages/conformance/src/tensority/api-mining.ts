import { blockHash, bytom, parseBlockHeader } from "@bystack/butxo";
import { bytes, count, equal, type Fields, integer, list, object, text } from "../check.ts";
import { parseExact } from "../exact-json.ts";
import type { Handler } from "../runner.ts";
import { hashers } from "./kernels.ts";
import { failure, type Header, headerOf, type KnownBlock, SoloNode } from "./solo-node.ts";

/**
 * `api-mining`: a recorded session of a miner with a node, replayed in order against the package's
 * calls. Transactions are the wallet's, so templates take their roots from the recorded answers.
 */
export const apiMining: Handler = async (file, context) => {
  const entries = list(file, "file").map((value) => object(value, "entry"));
  const known = knownBlocks(entries);
  for (const hasher of hashers(context)) {
    const node = new SoloNode(hasher, known);
    await node.start();
    let work: Header | undefined;
    for (const [index, entry] of entries.entries()) {
      await context.check(`${hasher.kernel}, exchange ${index}`, async () => {
        if (entry["solved"] !== undefined) {
          checkSolved(object(entry["solved"], "solved"), work, (hash) =>
            hasher.hash(hash, node.seed),
          );
          return;
        }
        const expected = recordedAnswer(entry);
        work = workOf(expected) ?? work;
        if (work !== undefined) node.nowSeconds = work.timestamp;
        await checkExchange(node, entry, expected);
      });
    }
  }
};

async function checkExchange(
  node: SoloNode,
  entry: Fields,
  expected: Fields | undefined,
): Promise<void> {
  const request = entry["request"] === null ? {} : parseExact(text(entry["request"], "request"));
  let answer: { status: number; envelope: Fields };
  try {
    const data = await node.answer(text(entry["path"], "path"), object(request, "request"));
    answer = { status: 200, envelope: { status: "success", data } };
  } catch (error) {
    answer = failure(error);
  }
  if (expected === undefined) {
    // The reference drops the connection; an error is what must come instead.
    equal(answer.envelope["status"], "fail", "status");
    return;
  }
  equal(answer.status, count(entry["http_status"], "http_status"), "HTTP status");
  // The wording of a malformed request's error is the server's.
  const names = answer.status === 200 ? Object.keys(expected) : ["status", "code"];
  for (const name of names) equal(answer.envelope[name], expected[name], name);
}

function checkSolved(
  solved: Fields,
  work: Header | undefined,
  tensority: (headerHash: Uint8Array) => Uint8Array,
): void {
  if (work === undefined) throw new Error("nothing was asked for before");
  const nonce = integer(solved["nonce"], "nonce");
  const header: Header = { ...work, seal: { ...work.seal, nonce } };
  const headerHash = blockHash(header);
  equal(headerHash, bytes(solved["header_hash"], "header_hash"), "header hash");
  equal(tensority(headerHash), bytes(solved["tensority"], "tensority"), "tensority");
  if (solved["raw_header"] === undefined) return;
  const raw = parseBlockHeader(text(solved["raw_header"], "raw_header"), bytom);
  equal(blockHash(raw), headerHash, "raw header");
}

function recordedAnswer(entry: Fields): Fields | undefined {
  if (entry["response"] === undefined || entry["response"] === null) return undefined;
  return object(parseExact(text(entry["response"], "response")), "response");
}

function dataOf(answer: Fields | undefined): Fields {
  const data = answer?.["data"];
  return typeof data === "object" && data !== null ? object(data, "data") : {};
}

function workOf(answer: Fields | undefined): Header | undefined {
  const header = dataOf(answer)["block_header"];
  return header === undefined ? undefined : headerOf(header);
}

/** Headers that were handed out, and hashes that later answers tell, by height. */
function knownBlocks(entries: readonly Fields[]): Map<bigint, KnownBlock> {
  const known = new Map<bigint, KnownBlock>();
  for (const entry of entries) {
    const answer = recordedAnswer(entry);
    const header = workOf(answer);
    if (header !== undefined) known.set(header.height, { ...known.get(header.height), header });
    const { hash, height } = dataOf(answer);
    if (typeof height === "bigint" && hash !== undefined)
      known.set(height, { ...known.get(height), hash: bytes(hash, "hash") });
  }
  return known;
}
