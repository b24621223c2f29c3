import {
  type BlockHeader,
  blockHash,
  bytom,
  bytomSolonet,
  formatBlockHeader,
  genesisBlock,
  initialSeed,
  nextSeed,
  type ProofOfWorkSeal,
  parseBlockHeader,
  targetFromBits,
  workFromBits,
} from "@bystack/butxo";
import type { Hasher } from "@bystack/tensority";
import {
  type BlockTemplate,
  createTemplateHolder,
  getWork,
  getWorkJson,
  type HeaderText,
  networkHashRate,
  submitWork,
  submitWorkJson,
  type TemplateHolder,
  TensorityError,
} from "@bystack/tensority/mining";
import { type Fields, ifPresent, object, text } from "../check.ts";

/** Proof-of-work header of the main chain. */
export type Header = BlockHeader<ProofOfWorkSeal>;

interface Template extends BlockTemplate {
  readonly header: Header;
  /** Known hash of the block, where its transactions are not. */
  readonly knownHash?: Uint8Array | undefined;
}

interface Block {
  readonly header: Header;
  readonly hash: Uint8Array;
  readonly seed: Uint8Array;
}

/** What the recording tells of the block at a height before it was made. */
export interface KnownBlock {
  readonly header?: Header | undefined;
  readonly hash?: Uint8Array | undefined;
}

/** Refused by the node itself, in the reference's words. */
class NodeError extends Error {
  override readonly name = "NodeError";
}

/** Header texts of the main chain. */
const headerText: HeaderText<Template> = {
  format: formatBlockHeader,
  parse(hex) {
    const header = parseBlockHeader(hex, bytom);
    if (!isProofOfWork(header)) throw new NodeError("the header has no nonce");
    return header;
  },
};

/** A solonet node as far as miners see it: real headers, real proof of work, no transactions. */
export class SoloNode {
  nowSeconds = 0n;
  readonly #blocks: Block[];
  readonly #hasher: Hasher;
  readonly #known: ReadonlyMap<bigint, KnownBlock>;
  readonly #holder: TemplateHolder<Template>;
  #isMining = false;

  /** @param known what the recording tells of blocks, by height */
  constructor(hasher: Hasher, known: ReadonlyMap<bigint, KnownBlock>) {
    const { header } = genesisBlock(bytomSolonet);
    if (!isProofOfWork(header)) throw new NodeError("the genesis block has no nonce");
    this.#blocks = [{ header, hash: blockHash(header), seed: initialSeed() }];
    this.#hasher = hasher;
    this.#known = known;
    this.#holder = createTemplateHolder<Template>({
      createTemplate: async () => this.#createTemplate(),
      processBlock: async (solved) => this.#process(solved),
      announceBlock: () => {},
      nowSeconds: () => this.nowSeconds,
    });
  }

  /** The data of a call's answer. */
  async answer(path: string, body: Fields): Promise<unknown> {
    switch (path) {
      case "/get-work":
        return getWork(this.#holder, headerText);
      case "/get-work-json":
        return getWorkJson(this.#holder);
      case "/submit-work":
        return submitWork(this.#holder, headerText, body);
      case "/submit-work-json":
        return submitWorkJson(this.#holder, body);
      case "/get-block-count":
        return { block_count: BigInt(this.#blocks.length - 1) };
      case "/get-difficulty":
        return this.#difficulty(body);
      case "/get-hash-rate":
        return this.#hashRate(body);
      case "/is-mining":
        return { is_mining: this.#isMining };
      case "/set-mining":
        this.#isMining = body["is_mining"] === true;
        return "";
      default:
        throw new Error(`no call ${path}`);
    }
  }

  /** Seed of the block that is being mined, 32 bytes. */
  get seed(): Uint8Array {
    const { header, hash, seed } = this.#tip;
    return nextSeed({ height: header.height, hash, seed });
  }

  /** Makes the template on the tip, as a node does when it starts. */
  start(): Promise<void> {
    return this.#holder.refresh();
  }

  get #tip(): Block {
    const tip = this.#blocks.at(-1);
    if (tip === undefined) throw new NodeError("there is no block");
    return tip;
  }

  #createTemplate(): Template {
    const { header, hash } = this.#tip;
    const height = header.height + 1n;
    const known = this.#known.get(height);
    const child: Header = {
      ...(known?.header ?? header),
      height,
      previousBlockHash: hash,
      timestamp: this.nowSeconds,
      seal: { ...header.seal, nonce: 0n },
    };
    return {
      header: child,
      seed: this.seed,
      knownHash: known?.header === undefined ? known?.hash : undefined,
    };
  }

  #process({ header, seed, knownHash }: Template): "connected" {
    const hash = knownHash ?? blockHash(header);
    if (!this.#hasher.verify(hash, seed, targetFromBits(header.seal.bits)))
      throw new NodeError("invalid difficulty proof of work: invalid block");
    this.#blocks.push({ header, hash, seed });
    return "connected";
  }

  #find(body: Fields, otherwise: bigint): Block {
    let height = otherwise;
    ifPresent(body, "block_height", (value) => {
      if (typeof value === "bigint") height = value;
    });
    const block = this.#blocks[Number(height)];
    if (block === undefined) throw new NodeError("no such block");
    return block;
  }

  #difficulty(body: Fields): Fields {
    const { header, hash } = this.#find(body, 0n);
    const { bits } = header.seal;
    return { hash, height: header.height, bits, difficulty: workFromBits(bits).toString() };
  }

  #hashRate(body: Fields): Fields {
    const { header, hash } = this.#find(body, this.#tip.header.height);
    const previous = this.#blocks[Number(header.height) - 1] ?? this.#tip;
    const seconds = header.timestamp - previous.header.timestamp;
    const work = workFromBits(header.seal.bits);
    return { hash, height: header.height, hash_rate: networkHashRate(work, seconds) };
  }
}

/** The envelope of an error, and its HTTP status. */
export function failure(error: unknown): { readonly status: number; readonly envelope: Fields } {
  if (error instanceof TensorityError && error.code === "unreadable-header")
    return { status: 400, envelope: { status: "fail", code: "BTM002" } };
  if (error instanceof TensorityError || error instanceof NodeError) {
    const msg = "Bytom API Error";
    const envelope = { status: "fail", code: "BTM000", msg, error_detail: error.message };
    return { status: 200, envelope };
  }
  throw error;
}

/** The header in a recorded answer to `/get-work` or `/get-work-json`. */
export function headerOf(value: unknown): Header {
  if (typeof value === "string") {
    const header = parseBlockHeader(value, bytom);
    if (isProofOfWork(header)) return header;
    throw new NodeError("the recorded header has no nonce");
  }
  const fields = object(value, "block_header");
  const commitment = object(fields["block_commitment"], "block_commitment");
  const hash = (bytes: unknown, what: string) =>
    Uint8Array.from(Buffer.from(text(bytes, what), "hex"));
  const number = (name: string): bigint => {
    const value = fields[name];
    return typeof value === "bigint" ? value : 0n;
  };
  return {
    dialect: bytom,
    version: number("version"),
    height: number("height"),
    previousBlockHash: hash(fields["previous_block_hash"], "previous_block_hash"),
    timestamp: number("timestamp"),
    transactionMerkleRoot: hash(commitment["transaction_merkle_root"], "merkle root"),
    transactionStatusHash: hash(commitment["transaction_status_hash"], "status hash"),
    seal: { type: "proof-of-work", nonce: number("nonce"), bits: number("bits") },
  };
}

function isProofOfWork(header: BlockHeader): header is Header {
  return header.seal.type === "proof-of-work";
}
