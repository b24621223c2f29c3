/**
 * The few lines of protobuf that the store's records need: varint and length-delimited fields.
 * Fields with their default value (0, false) are not written.
 */

/** A field as it stands in a record: a varint, or bytes. */
export type Field = readonly [number: number, value: bigint | Uint8Array];

/** Encodes fields in the order given. */
export function encodeFields(fields: readonly Field[]): Uint8Array {
  const out: number[] = [];
  for (const [number, value] of fields) {
    if (typeof value === "bigint") {
      if (value === 0n) continue;
      out.push(number << 3);
      pushVarint(out, value);
    } else {
      out.push((number << 3) | 2);
      pushVarint(out, BigInt(value.length));
      for (const byte of value) out.push(byte);
    }
  }
  return Uint8Array.from(out);
}

/** The fields of a record, or undefined when the bytes are not one. */
export function decodeFields(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint | undefined => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    const tag = varint();
    const value = varint();
    if (tag === undefined || value === undefined || tag > 0xffn) return undefined;
    const number = Number(tag >> 3n);
    if ((tag & 7n) === 0n) {
      fields.push([number, value]);
    } else if ((tag & 7n) === 2n && value <= BigInt(bytes.length - at)) {
      fields.push([number, bytes.subarray(at, at + Number(value))]);
      at += Number(value);
    } else {
      return undefined;
    }
  }
  return fields;
}

function pushVarint(out: number[], value: bigint): void {
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  out.push(Number(rest));
}
