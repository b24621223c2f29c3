import { ButxoError, bytomSolonet, decodeTransaction, mapTransaction, toHex } from "@bystack/butxo";
import { createProgramRunner, type TransactionVerdict, validateTransaction } from "@bystack/chain";
import {
  bytes,
  equal,
  type Fields,
  flag,
  ifPresent,
  integer,
  list,
  object,
  text,
} from "../check.ts";
import type { Handler } from "../runner.ts";
import { codeOfText } from "./error-codes.ts";
import { ANY_ERROR, checkError } from "./reference-error.ts";

/** Single transactions in a block context: verdict and gas figures. */
export const txValidation: Handler = (file, { check }) => {
  for (const item of list(file, "file")) {
    const fields = object(item, "case");
    check(String(fields["name"]), () => compareCase(fields));
  }
};

function compareCase(fields: Fields): void {
  const raw = bytes(fields["raw"], "raw");
  const reason = fields["decode_error"];
  if (reason) {
    const decode = () => decodeTransaction(raw, bytomSolonet.dialect);
    checkError(decode, reason === true ? ANY_ERROR : text(reason, "decode_error"));
    return;
  }
  const expected = object(fields["expect"], "expect");
  let verdict: TransactionVerdict;
  try {
    verdict = validate(raw, fields);
  } catch (error) {
    if (error instanceof ButxoError && expected["must_reject"] === true) return;
    throw error;
  }
  if (expected["must_reject"] === true) {
    equal(verdict.gasValid, false, "gas_valid");
    return;
  }
  ifPresent(expected, "error", (error) => {
    const named = text(error, "error");
    equal(verdict.error?.code ?? "", named === "" ? "" : codeOfText(named), "error");
  });
  ifPresent(expected, "gas_valid", (valid) =>
    equal(verdict.gasValid, flag(valid, "gas_valid"), "gas_valid"),
  );
  const figures = {
    btm_value: verdict.btmValue,
    gas_used: verdict.gasUsed,
    gas_left: verdict.gasLeft,
    storage_gas: verdict.storageGas,
  };
  for (const [name, figure] of Object.entries(figures))
    ifPresent(expected, name, (value) => equal(figure, integer(value, name), name));
}

function validate(raw: Uint8Array, fields: Fields): TransactionVerdict {
  const mapped = mapTransaction(decodeTransaction(raw, bytomSolonet.dialect));
  ifPresent(fields, "tx_id", (id) => equal(toHex(mapped.id), id, "tx_id"));
  ifPresent(fields, "serialized_size", (size) => {
    if (!("serialized_size_override" in fields))
      equal(BigInt(mapped.transaction.serializedSize), integer(size, "size"), "serialized_size");
  });
  const override = fields["serialized_size_override"];
  const block = object(fields["block"], "block");
  return validateTransaction(
    override === undefined
      ? mapped
      : {
          ...mapped,
          transaction: {
            ...mapped.transaction,
            serializedSize: Number(integer(override, "serialized_size_override")),
          },
        },
    {
      params: bytomSolonet,
      blockVersion: integer(block["version"], "version"),
      blockHeight: integer(block["height"], "height"),
      isFirstInBlock: flag(fields["first_in_block"], "first_in_block"),
      runProgram: createProgramRunner(),
    },
  );
}
