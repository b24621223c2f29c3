import type { FuzzTarget } from "../../../scripts/harness.ts";
import { ChainError } from "../src/error.ts";
import { decodeFields, encodeFields } from "../src/store/protobuf.ts";
import {
  decodeStatuses,
  decodeUtxoEntry,
  encodeStatuses,
  encodeUtxoEntry,
} from "../src/store/records.ts";
import { decodeFormat, decodeStatus, encodeFormat, encodeStatus } from "../src/store/status.ts";

const isExpected = (error: unknown) => error instanceof ChainError;
const hash = new Uint8Array(32).fill(0xab);

function check(condition: boolean, law: string): void {
  if (!condition) throw new Error(law);
}

/** Every decoder of the store: what was read must come out the same when it is written and read again. */
export default function store(): FuzzTarget[] {
  return [
    target("output record", decodeUtxoEntry, encodeUtxoEntry, [
      { isCoinbase: true, blockHeight: 7n, isSpent: true },
      { isCoinbase: false, blockHeight: 2n ** 40n, isSpent: false },
    ]),
    target("status record", decodeStatuses, encodeStatuses, [[false, true, false], []]),
    target("chain status", decodeStatus, encodeStatus, [{ height: 12n, hash }]),
    target("format record", decodeFormat, encodeFormat, [
      { version: 1, network: "solonet", genesisHash: hash },
    ]),
    {
      name: "chain/protobuf",
      seeds: [
        encodeFields([
          [1, 300n],
          [2, hash],
        ]),
      ],
      run(input) {
        const fields = decodeFields(input);
        if (fields === undefined) return;
        const bytes = fields.reduce(
          (sum, [, v]) => sum + (v instanceof Uint8Array ? v.length : 1),
          0,
        );
        check(bytes <= input.length, "more content than input");
      },
      isExpected,
    },
  ];
}

function target<T>(
  name: string,
  decode: (bytes: Uint8Array) => T,
  encode: (value: T) => Uint8Array,
  examples: readonly T[],
): FuzzTarget {
  const show = (value: T) =>
    JSON.stringify(value, (_, v: unknown) =>
      typeof v === "bigint" ? `${v}n` : v instanceof Uint8Array ? [...v] : v,
    );
  return {
    name: `chain/${name}`,
    seeds: examples.map(encode),
    run(input) {
      const value = decode(input);
      check(show(decode(encode(value))) === show(value), "reads back differently");
    },
    isExpected,
  };
}
