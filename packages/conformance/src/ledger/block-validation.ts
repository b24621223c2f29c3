import {
  blockHash,
  bytomSolonet,
  decodeBlock,
  decodeBlockHeader,
  initialSeed,
  targetFromBits,
} from "@bystack/butxo";
import {
  type BlockNode,
  ChainError,
  createNode,
  createProgramRunner,
  type HeaderCandidate,
  medianTimeOf,
  nextBitsOf,
  validateBlockBody,
} from "@bystack/chain";
import { meetsTarget, tensority } from "@bystack/tensority";
import {
  bytes,
  count,
  equal,
  type Fields,
  ifPresent,
  integer,
  list,
  object,
  text,
} from "../check.ts";
import type { Handler } from "../runner.ts";
import { unminedWork } from "./chain-driver.ts";
import { codeOfText } from "./error-codes.ts";

/** Blocks on top of known headers, one rule broken or none. */
export const blockValidation: Handler = async (file, { check }) => {
  for (const item of list(object(file, "file")["cases"], "cases")) {
    const fields = object(item, "case");
    await check(String(fields["name"]), () => compareCase(fields));
  }
};

async function compareCase(fields: Fields): Promise<void> {
  const parent = parentOf(list(fields["parents"], "parents"));
  ifPresent(fields, "median_time", (median) =>
    equal(medianTimeOf(parent), integer(median, "median_time"), "median_time"),
  );
  ifPresent(fields, "next_bits", (bits) =>
    equal(nextBitsOf(parent), integer(bits, "next_bits"), "next_bits"),
  );
  const raw = bytes(fields["block"], "block");
  let error = "";
  let failed: number[] = [];
  try {
    failed = await validate(raw, parent);
  } catch (thrown) {
    if (!(thrown instanceof ChainError)) throw thrown;
    error = thrown.code;
  }
  const expected = text(fields["error"] ?? "", "error");
  equal(error, expected === "" ? "" : codeOfText(expected), "error");
  ifPresent(fields, "status_fail", (statuses) => {
    if (statuses === null) return;
    const listed = list(statuses, "status_fail");
    const indexes = listed.every((status) => typeof status === "boolean")
      ? listed.flatMap((status, i) => (status ? [i] : []))
      : listed.map((i) => count(i, "status_fail"));
    equal(failed, indexes, "status_fail");
  });
}

async function validate(raw: Uint8Array, parent: BlockNode): Promise<number[]> {
  const block = decodeBlock(raw, bytomSolonet.dialect);
  const hash = blockHash(block.header);
  const candidate = { header: block.header, hash, parent };
  unminedWork().verifyHeader(candidate, Date.now());
  await verifySeal(candidate);
  const judged = validateBlockBody(block, hash, {
    params: bytomSolonet,
    runProgram: createProgramRunner(),
  });
  return judged.flatMap(({ statusFailed }, i) => (statusFailed ? [i] : []));
}

/** The headers that name the seed are not in the file: its targets are met with any seed or none. */
async function verifySeal({ header, hash }: HeaderCandidate): Promise<void> {
  const bits = header.seal.type === "proof-of-work" ? header.seal.bits : 0n;
  if (meetsTarget(tensority(hash, initialSeed()), targetFromBits(bits))) return;
  throw new ChainError("invalid-difficulty-proof-of-work");
}

function parentOf(headers: readonly unknown[]): BlockNode {
  let parent: BlockNode | undefined;
  for (const text of headers) {
    const header = decodeBlockHeader(bytes(text, "parents"), bytomSolonet.dialect);
    parent = createNode({ header, hash: blockHash(header), parent }, 0n);
  }
  if (parent === undefined) throw new Error("a case without parents");
  return parent;
}
