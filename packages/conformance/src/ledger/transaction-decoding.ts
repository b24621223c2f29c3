import {
  bytom,
  decodeTransaction,
  formatTransaction,
  fromHex,
  parseTransaction,
  type Transaction,
  transactionId,
} from "@bystack/butxo";
import { equal, type Fields, flag, list, object, text } from "../check.ts";
import type { Handler } from "../runner.ts";
import { compareFields, lowerCase } from "./describe.ts";
import { checkError } from "./reference-error.ts";

/** `tx_decode`: bytes or text, good and bad. */
export const transactionDecoding: Handler = (file, context) => {
  list(file, "file").forEach((value, index) => {
    context.check(`decode ${index}`, () => checkDecoding(object(value, "case")));
  });
};

function checkDecoding({ raw, text: hexText, ok, error, reject, ...rest }: Fields): void {
  const decode = (): Transaction =>
    raw === undefined
      ? parseTransaction(text(hexText, "text"), bytom)
      : decodeTransaction(fromHex(text(raw, "raw")), bytom);
  if (!flag(ok, "ok") || reject === true) {
    checkError(decode, text(error, "error"));
    return;
  }
  const transaction = decode();
  const { reserialized, ...ids } = rest;
  equal(formatTransaction(transaction), reserialized ?? lowerCase(raw ?? hexText), "reserialized");
  compareFields(
    {
      tx_id: transactionId(transaction),
      serialized_size: String(transaction.serializedSize),
    },
    ids,
    "transaction",
  );
}
