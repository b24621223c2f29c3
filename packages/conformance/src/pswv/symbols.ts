import { count, type Fields, list, object, text } from "../check.ts";

/** A transaction with symbolic outputs. */
export interface SymbolicTransaction {
  readonly id: string;
  readonly spends: readonly string[];
  readonly creates: readonly string[];
}

/** A window as the vector writes it. */
export interface SymbolicWindow {
  readonly database: readonly string[];
  readonly blocks: readonly {
    readonly height: bigint;
    readonly transactions: readonly SymbolicTransaction[];
  }[];
}

export function readWindow(fields: Fields): SymbolicWindow {
  return {
    database: texts(fields["database"], "database"),
    blocks: list(fields["blocks"], "blocks").map((item) => {
      const block = object(item, "block");
      return {
        height: BigInt(count(block["height"], "height")),
        transactions: list(block["txs"], "txs").map((entry) => {
          const { id, spends, creates } = object(entry, "tx");
          return {
            id: text(id, "id"),
            spends: texts(spends, "spends"),
            creates: texts(creates, "creates"),
          };
        }),
      };
    }),
  };
}

function texts(value: unknown, what: string): string[] {
  return list(value, what).map((item) => text(item, what));
}
