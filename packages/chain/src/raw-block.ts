import {
  type Block,
  type BlockHeader,
  type Dialect,
  decodeBlock,
  decodeBlockHeader,
  encodeTransaction,
  equalBytes,
  formatBlock,
  type Transaction,
  toHex,
} from "@bystack/butxo";

/**
 * A block as the bytes that came. Its transactions are decoded when somebody asks for them: an
 * import with workers never does, they decode it.
 */
export class RawBlock implements Block {
  readonly header: BlockHeader;
  readonly bytes: Uint8Array;
  /** Are these the bytes that the network writes for the block? Known after a worker has compared. */
  isCanonical = false;
  private readonly dialect: Dialect;
  private decoded: readonly Transaction[] | undefined;

  /** @throws ButxoError when the bytes do not begin with a header */
  constructor(bytes: Uint8Array, dialect: Dialect) {
    this.header = decodeBlockHeader(bytes, dialect);
    this.bytes = bytes;
    this.dialect = dialect;
  }

  /** @throws ButxoError when the bytes are no block */
  get transactions(): readonly Transaction[] {
    this.decoded ??= decodeBlock(this.bytes, this.dialect).transactions;
    return this.decoded;
  }

  get isDecoded(): boolean {
    return this.decoded !== undefined;
  }
}

/** Is it so far known by its bytes and its header only? */
export function isUndecoded(block: Block): block is RawBlock {
  return block instanceof RawBlock && !block.isDecoded;
}

/** Serialized size of a block's transactions, about. */
export function bytesOf(block: Block): number {
  if (block instanceof RawBlock) return block.bytes.length;
  return block.transactions.reduce((sum, { serializedSize }) => sum + serializedSize, 0);
}

/** The block as the network writes it, as lower-case hex. */
export function blockText(block: Block): string {
  return block instanceof RawBlock && block.isCanonical ? toHex(block.bytes) : formatBlock(block);
}

/** Would two blocks of one header be judged alike? Unknown bytes are not written, but their number counts. */
export function haveSameBody(a: Block, b: Block): boolean {
  if (a === b) return true;
  return (
    a.transactions.length === b.transactions.length &&
    a.transactions.every((transaction, i) => {
      const other = b.transactions[i];
      return (
        transaction.serializedSize === other?.serializedSize &&
        equalBytes(encodeTransaction(transaction), encodeTransaction(other))
      );
    })
  );
}
