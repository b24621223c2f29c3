import { fromHex, Reader, Writer } from "@bystack/butxo";
import { bytes, count, equal, type Fields, integer, list, text } from "../check.ts";
import type { Handler } from "../runner.ts";
import { checkLists } from "./describe.ts";
import { checkError } from "./reference-error.ts";

/** `primitives`: varints, byte strings, lists and extensible strings. */
export const primitives: Handler = (file, context) => {
  checkLists(file, context, {
    varint_encode: checkVarintEncoding,
    varint_decode: checkVarintDecoding,
    varstr: checkVarstr,
    varstr_list: checkList,
    varstr_list_decode: checkListDecoding,
    extensible_string: checkExtensible,
  });
};

function checkVarintEncoding(fields: Fields): void {
  const value = integer(fields["value"], "value");
  const writers = {
    varint31: () => new Writer().varint31(Number(value)),
    varint63: () => new Writer().varint63(value),
  };
  for (const [name, write] of Object.entries(writers)) {
    const error = fields[`${name}_error`];
    if (error === undefined) equal(write().bytes(), fields[name], name);
    else checkError(write, text(error, "error"));
  }
}

function checkVarintDecoding(fields: Fields): void {
  const input = bytes(fields["hex"], "hex");
  const readers = {
    varint31: (reader: Reader) => BigInt(reader.varint31()),
    varint63: (reader: Reader) => reader.varint63(),
  };
  for (const [name, read] of Object.entries(readers)) {
    const reader = new Reader(input);
    const error = fields[`${name}_error`];
    if (error === undefined) {
      equal(read(reader), integer(fields[name], name), name);
      equal(reader.offset, count(fields[`${name}_consumed`], "consumed"), `${name} consumed`);
    } else {
      checkError(() => read(reader), text(error, "error"));
    }
  }
}

function checkVarstr({ data, hex }: Fields): void {
  const content = bytes(data, "data");
  equal(new Writer().varstr31(content).bytes(), hex, "encoded");
  const reader = new Reader(bytes(hex, "hex"));
  equal(reader.varstr31(), data, "decoded");
  reader.finish();
}

function checkList({ items, hex }: Fields): void {
  const contents = list(items, "items").map((item) => bytes(item, "item"));
  equal(new Writer().varstrList(contents).bytes(), hex, "encoded");
  const reader = new Reader(bytes(hex, "hex"));
  equal(reader.varstrList(), items, "decoded");
  reader.finish();
}

function checkListDecoding({ hex, error, items, consumed }: Fields): void {
  const reader = new Reader(bytes(hex, "hex"));
  if (error !== undefined) {
    checkError(() => reader.varstrList(), text(error, "error"));
    return;
  }
  equal(reader.varstrList(), items, "items");
  equal(reader.offset, count(consumed, "consumed"), "consumed");
}

function checkExtensible({ content_varstr, suffix, hex }: Fields): void {
  const writer = new Writer();
  const start = writer.open();
  writer.varstr31(bytes(content_varstr, "content")).raw(bytes(suffix, "suffix")).close(start);
  equal(writer.bytes(), hex, "encoded");
  const reader = new Reader(fromHex(text(hex, "hex")));
  const outer = reader.open();
  equal(reader.varstr31(), content_varstr, "content");
  equal(reader.close(outer), suffix, "suffix");
  reader.finish();
}
