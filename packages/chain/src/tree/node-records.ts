import type { BlockHeader, Dialect, ProofOfWorkSeal } from "@bystack/butxo";

/** What is kept of a block, but for its header. */
export interface NodeFacts {
  readonly hash: Uint8Array;
  /** Index of the parent's record; {@link NO_PARENT} for the genesis block. */
  readonly parent: number;
  /** Of the branch up to here. */
  readonly weight: bigint;
}

/** The parent of the genesis block. */
export const NO_PARENT = 0xffff_ffff;

/*
 * A record: what of a header its height and its parent do not say, and the block's place.
 *
 * 0 hash · 32 transaction Merkle root · 64 status hash · 96 timestamp u64 · 104 nonce u64 ·
 * 112 bits u64 · 120 weight u128 (low half first) · 136 parent u32 · 140 height u32
 */
/** Bytes of a record. */
export const RECORD_BYTES = 144;
const MERKLE_ROOT = 32;
const STATUS_HASH = 64;
const TIMESTAMP = 96;
const NONCE = 104;
const BITS = 112;
const WEIGHT = 120;
const PARENT = 136;
const HEIGHT = 140;

/** Records that are allocated at once, 144 kB. */
const CHUNK_RECORDS = 1024;
const HASH_BYTES = 32;
const U32 = 2n ** 32n;
const U64 = 2n ** 64n;
const U128 = 2n ** 128n;

/** Several records, one after the other. */
interface Chunk {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * The headers of all blocks in fixed records of 144 bytes outside of the garbage collector's heap,
 * numbered in the order in which they came. An object for each would take ten times as much.
 *
 * A header that does not fit into a record (another seal than proof of work, another version, a
 * weight of more than 128 bits) is kept as the object that it is.
 */
export class NodeRecords {
  private readonly chunks: Chunk[] = [];
  private readonly oddHeaders = new Map<number, BlockHeader>();
  private readonly oddWeights = new Map<number, bigint>();
  private dialect: Dialect | undefined;
  private size = 0;

  /** Records so far; the next one gets this index. */
  get count(): number {
    return this.size;
  }

  /**
   * @returns the index of the new record
   * @throws RangeError when the height is above 2^32
   */
  add(header: BlockHeader, { hash, parent, weight }: NodeFacts): number {
    if (header.height >= U32) throw new RangeError(`the height ${header.height} is out of range`);
    const index = this.append();
    const { bytes, view } = this.chunk(index);
    const at = offsetOf(index);
    this.dialect ??= header.dialect;
    bytes.set(hash, at);
    view.setUint32(at + PARENT, parent);
    view.setUint32(at + HEIGHT, Number(header.height));
    if (weight < U128) {
      view.setBigUint64(at + WEIGHT, BigInt.asUintN(64, weight));
      view.setBigUint64(at + WEIGHT + 8, weight >> 64n);
    } else this.oddWeights.set(index, weight);
    if (isPlain(header, this.dialect) && (parent !== NO_PARENT || isZero(header))) {
      bytes.set(header.transactionMerkleRoot, at + MERKLE_ROOT);
      bytes.set(header.transactionStatusHash, at + STATUS_HASH);
      view.setBigUint64(at + TIMESTAMP, header.timestamp);
      view.setBigUint64(at + NONCE, header.seal.nonce);
      view.setBigUint64(at + BITS, header.seal.bits);
    } else this.oddHeaders.set(index, header);
    return index;
  }

  /**
   * A copy of a record; undefined when it does not say everything.
   *
   * @param parent what stands in it as the parent
   */
  export(index: number, parent: number): Uint8Array | undefined {
    if (this.oddHeaders.has(index) || this.oddWeights.has(index)) return undefined;
    const at = offsetOf(index);
    const record = this.chunk(index).bytes.slice(at, at + RECORD_BYTES);
    new DataView(record.buffer).setUint32(PARENT, parent);
    return record;
  }

  /**
   * Takes over a record that `export` gave.
   *
   * @returns its index
   */
  import(record: Uint8Array, parent: number, dialect: Dialect): number {
    const index = this.append();
    this.dialect ??= dialect;
    const { bytes, view } = this.chunk(index);
    bytes.set(record, offsetOf(index));
    view.setUint32(offsetOf(index) + PARENT, parent);
    return index;
  }

  /** A copy of the hash. */
  hash(index: number): Uint8Array {
    const { bytes } = this.chunk(index);
    const at = offsetOf(index);
    return bytes.slice(at, at + HASH_BYTES);
  }

  hasHash(index: number, hash: Uint8Array): boolean {
    const { bytes } = this.chunk(index);
    const at = offsetOf(index);
    for (let i = 0; i < HASH_BYTES; i++) if (bytes[at + i] !== hash[i]) return false;
    return true;
  }

  /** As unsigned bytes. */
  compareHashes(a: number, b: number): number {
    for (let i = 0; i < HASH_BYTES; i++) {
      const difference =
        (this.chunk(a).bytes[offsetOf(a) + i] ?? 0) - (this.chunk(b).bytes[offsetOf(b) + i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** The first four bytes of the hash. */
  hashPrefix(index: number): number {
    return this.chunk(index).view.getUint32(offsetOf(index));
  }

  /** {@link NO_PARENT} for the genesis block. */
  parent(index: number): number {
    return this.chunk(index).view.getUint32(offsetOf(index) + PARENT);
  }

  height(index: number): number {
    return this.chunk(index).view.getUint32(offsetOf(index) + HEIGHT);
  }

  weight(index: number): bigint {
    const odd = this.oddWeights.get(index);
    if (odd !== undefined) return odd;
    const { view } = this.chunk(index);
    const at = offsetOf(index);
    return view.getBigUint64(at + WEIGHT) | (view.getBigUint64(at + WEIGHT + 8) << 64n);
  }

  header(index: number): BlockHeader {
    const odd = this.oddHeaders.get(index);
    if (odd !== undefined) return odd;
    const { bytes, view } = this.chunk(index);
    const at = offsetOf(index);
    if (this.dialect === undefined) throw new RangeError("there are no records");
    const parent = view.getUint32(at + PARENT);
    return {
      dialect: this.dialect,
      version: 1n,
      height: BigInt(view.getUint32(at + HEIGHT)),
      previousBlockHash: parent === NO_PARENT ? new Uint8Array(HASH_BYTES) : this.hash(parent),
      timestamp: view.getBigUint64(at + TIMESTAMP),
      transactionMerkleRoot: bytes.slice(at + MERKLE_ROOT, at + MERKLE_ROOT + HASH_BYTES),
      transactionStatusHash: bytes.slice(at + STATUS_HASH, at + STATUS_HASH + HASH_BYTES),
      seal: {
        type: "proof-of-work",
        nonce: view.getBigUint64(at + NONCE),
        bits: view.getBigUint64(at + BITS),
      },
    };
  }

  private append(): number {
    const index = this.size++;
    if (index % CHUNK_RECORDS === 0) this.chunks.push(createChunk());
    return index;
  }

  private chunk(index: number): Chunk {
    const chunk = this.chunks[Math.floor(index / CHUNK_RECORDS)];
    if (chunk === undefined) throw new RangeError(`no record ${index}`);
    return chunk;
  }
}

/** Where in its chunk a record begins. */
function offsetOf(index: number): number {
  return (index % CHUNK_RECORDS) * RECORD_BYTES;
}

function createChunk(): Chunk {
  const bytes = new Uint8Array(CHUNK_RECORDS * RECORD_BYTES);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** Where an exported record has the height and, in place of the parent's number, a number of its own. */
export function readExported(record: Uint8Array): { height: number; parent: number } {
  const view = new DataView(record.buffer, record.byteOffset, RECORD_BYTES);
  return { height: view.getUint32(HEIGHT), parent: view.getUint32(PARENT) };
}

function isZero({ previousBlockHash }: BlockHeader): boolean {
  return previousBlockHash.every((byte) => byte === 0);
}

/** Does a record say all that the header does? */
function isPlain(header: BlockHeader, dialect: Dialect): header is BlockHeader<ProofOfWorkSeal> {
  const { seal } = header;
  return (
    header.dialect === dialect &&
    header.version === 1n &&
    header.timestamp < U64 &&
    header.transactionMerkleRoot.length === HASH_BYTES &&
    header.transactionStatusHash.length === HASH_BYTES &&
    seal.type === "proof-of-work" &&
    seal.nonce < U64 &&
    seal.bits < U64
  );
}
