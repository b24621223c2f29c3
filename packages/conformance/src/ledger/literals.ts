import { list, object } from "../check.ts";
import type { Handler } from "../runner.ts";
import { checkBlock } from "./block.ts";
import { checkHeader } from "./block-header.ts";
import { checkTransaction } from "./transaction.ts";

/** `literals`: transactions, headers and blocks that others have published. */
export const literals: Handler = (file, context) => {
  const parts = object(file, "file");
  const kinds = [
    ["transactions", checkTransaction],
    ["headers", checkHeader],
    ["blocks", checkBlock],
  ] as const;
  for (const [kind, check] of kinds) {
    list(parts[kind], kind).forEach((value, index) => {
      context.check(`${kind} ${index}`, () => check(object(value, "case")));
    });
  }
};
