/** Point 6: the rows of a growing, reorganizing chain, made up from a seed. */
import type { BatchOperation, BatchOptions, Entry } from "../engine.ts";
import { ascii } from "./assert.ts";
import type { Random } from "./random.ts";

/** One commit: the rows of a block, or of a reorganization, and the tip they rest on. */
export interface Commit {
  readonly operations: readonly BatchOperation[];
  readonly options: BatchOptions;
}

interface Block {
  readonly id: Uint8Array;
  readonly body: Uint8Array;
  /** Outputs taken away, with what they were. */
  readonly spent: readonly Entry[];
  readonly created: readonly Entry[];
}

const STATUS = ascii("status");
const MAX_DEPTH = 6;

/** A chain in the shape of the real one: blocks, a height index, unspent outputs, a status row. */
export class GeneratedChain {
  readonly #random: Random;
  readonly #blocks: Block[] = [];
  readonly #unspent = new Map<string, Entry>();
  #status: Uint8Array | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Adds a block to the tip. */
  extend(): Commit {
    return this.#commit(this.#attach());
  }

  /** Takes one to six blocks off and puts one more in their place, in one commit. */
  reorganize(): Commit {
    const depth = Math.min(1 + this.#random.below(MAX_DEPTH), this.#blocks.length);
    const operations: BatchOperation[] = [];
    for (let i = 0; i < depth; i++) operations.push(...this.#detach());
    for (let i = 0; i <= depth; i++) operations.push(...this.#attach());
    return this.#commit(operations);
  }

  #attach(): BatchOperation[] {
    const random = this.#random;
    const height = this.#blocks.length;
    const outputs = [...this.#unspent.values()];
    const spent = Array.from({ length: random.below(3) }, () => random.below(outputs.length))
      .filter((at, i, all) => all.indexOf(at) === i)
      .map((at) => outputs[at])
      .filter((output) => output !== undefined);
    const created = Array.from(
      { length: 1 + random.below(3) },
      (): Entry => [Uint8Array.of(0x75, ...random.bytes(32)), random.bytes(random.below(40))],
    );
    const block = {
      id: random.bytes(32),
      body: random.bytes(100 + random.below(400)),
      spent,
      created,
    };
    for (const [key] of spent) this.#unspent.delete(String(key));
    for (const entry of created) this.#unspent.set(String(entry[0]), entry);
    this.#blocks.push(block);
    return [
      { type: "put", key: Uint8Array.of(0x62, ...block.id), value: block.body },
      { type: "put", key: indexKey(height, block.id), value: block.id },
      ...spent.map(([key]): BatchOperation => ({ type: "del", key })),
      ...created.map(([key, value]): BatchOperation => ({ type: "put", key, value })),
    ];
  }

  #detach(): BatchOperation[] {
    const block = this.#blocks.pop();
    if (block === undefined) return [];
    for (const [key] of block.created) this.#unspent.delete(String(key));
    for (const entry of block.spent) this.#unspent.set(String(entry[0]), entry);
    return [
      { type: "del", key: indexKey(this.#blocks.length, block.id) },
      ...block.created.map(([key]): BatchOperation => ({ type: "del", key })),
      ...block.spent.map(([key, value]): BatchOperation => ({ type: "put", key, value })),
    ];
  }

  #commit(rows: readonly BatchOperation[]): Commit {
    const before = this.#status;
    const tip = this.#blocks.at(-1)?.id ?? new Uint8Array(32);
    this.#status = Uint8Array.of(...bigEndian(this.#blocks.length), ...tip);
    return {
      operations: [...rows, { type: "put", key: STATUS, value: this.#status }],
      options: { sync: true, expect: [{ key: STATUS, value: before }] },
    };
  }
}

function indexKey(height: number, id: Uint8Array): Uint8Array {
  return Uint8Array.of(0x68, ...bigEndian(height), ...id);
}

function bigEndian(n: number): number[] {
  return [0, 0, 0, 0, 0, 0, (n >> 8) & 0xff, n & 0xff];
}
