/** The identity keys behind the indexes by which the core knows validators. */
import { sameBytes } from "../bytes.ts";
import type { BbftCore } from "../core/core.ts";
import type { Receiver } from "./outbox.ts";

export class Peers {
  readonly #core: BbftCore;

  constructor(core: BbftCore) {
    this.#core = core;
  }

  /** Own index in the current set; -1 for an observer. */
  get ownIndex(): number {
    return this.#core.indexIn(this.#core.context);
  }

  keyAt(index: number): Uint8Array | undefined {
    return this.#core.context.electorate.set.validators[index]?.idKey;
  }

  /** Index in the current set; -1 for anybody else. */
  indexOf(key: Uint8Array): number {
    const { validators } = this.#core.context.electorate.set;
    return validators.findIndex(({ idKey }) => sameBytes(idKey, key));
  }

  receivers(indexes: readonly number[]): Receiver[] {
    return indexes.flatMap((index) => {
      const idKey = this.keyAt(index);
      return idKey === undefined ? [] : [{ index, idKey }];
    });
  }
}
