import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { NodeError } from "./error.ts";

/** One block of a file, and where it stands, for messages. */
export interface FileBlock {
  readonly hex: string;
  /** `line 12`, or `block 12` of a recording. */
  readonly place: string;
}

/** What a recording says about its last block. */
export interface RecordedTip {
  readonly height: bigint;
  readonly hash: string;
  readonly utxoDigest: string;
  readonly utxoCount: number;
}

/** A chain in a file: JSON lines of block hex, or a recording with the expected results. */
export interface ChainFile {
  readonly path: string;
  /** From the first block on, each time it is iterated. */
  readonly blocks: AsyncIterable<FileBlock>;
  /** How many blocks there are, when the file says so. */
  readonly count?: number;
  readonly tip?: RecordedTip;
}

const recording = z.object({
  network: z.string(),
  blocks: z
    .array(
      z.object({
        raw: z.string(),
        height: z.string().regex(/^\d+$/),
        hash: z.string(),
        utxo_digest: z.string(),
        utxo_count: z.number(),
      }),
    )
    .min(1),
});

/** A recording is read whole; everything larger has to be JSON lines, which are streamed. */
const MAX_RECORDING = 64 * 1024 * 1024;
/** The longest line: a block of 32 MiB in hex. */
const MAX_LINE = 64 * 1024 * 1024;

/**
 * Opens a file of blocks. Recordings start with `{`, JSON lines with `"`.
 *
 * @throws {@link NodeError} `bad-chain-file`
 */
export async function openChainFile(path: string): Promise<ChainFile> {
  try {
    const { size } = await stat(path);
    if ((await firstCharacter(path)) !== "{")
      return { path, blocks: restartable(() => readLines(path)) };
    if (size <= MAX_RECORDING) return readRecording(path, await readFile(path, "utf8"));
  } catch (cause) {
    if (cause instanceof NodeError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NodeError("bad-chain-file", `Cannot read ${path}: ${reason}.`, { cause });
  }
  throw new NodeError(
    "bad-chain-file",
    `${path} is above ${MAX_RECORDING} bytes: export it as JSON lines (bystack export) instead.`,
  );
}

async function firstCharacter(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}

function readRecording(path: string, text: string): ChainFile {
  const parsed = recording.safeParse(parseJson(path, text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(path, `${issue?.path.join(".")} ${issue?.message}`);
  }
  const { blocks } = parsed.data;
  const last = blocks.at(-1);
  if (last === undefined) throw damaged(path, "it has no blocks");
  return {
    path,
    count: blocks.length,
    blocks: restartable(async function* () {
      for (const { raw, height } of blocks) yield { hex: raw, place: `block ${height}` };
    }),
    tip: {
      height: BigInt(last.height),
      hash: last.hash,
      utxoDigest: last.utxo_digest,
      utxoCount: last.utxo_count,
    },
  };
}

/** Begins anew each time it is iterated. */
function restartable(start: () => AsyncGenerator<FileBlock>): AsyncIterable<FileBlock> {
  return { [Symbol.asyncIterator]: start };
}

async function* readLines(path: string): AsyncGenerator<FileBlock> {
  let number = 0;
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 20 })) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE) throw damaged(path, `line ${number + 1} is too long`);
    for (const line of lines) yield readLine(path, line, ++number);
  }
  if (rest !== "") yield readLine(path, rest, number + 1);
}

function readLine(path: string, line: string, number: number): FileBlock {
  const hex = parseJson(path, line, `line ${number}`);
  if (typeof hex !== "string") throw damaged(path, `line ${number} is not a JSON string`);
  return { hex, place: `line ${number}` };
}

function parseJson(path: string, text: string, place = "it"): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(path, `${place} is not JSON`);
  }
}

function damaged(path: string, what: string): NodeError {
  return new NodeError("bad-chain-file", `${path} is damaged: ${what}.`);
}
