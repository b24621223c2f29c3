import { sha3, sha256 } from "@bystack/crypto";
import type { KernelFactory } from "@bystack/tensority";
import {
  BLOCKS,
  CELLS,
  expandSeed,
  fold,
  halve,
  identity,
  littleEndian,
  matrixAt,
  mixRound,
  packWords,
  ROUNDS,
  SIZE,
  STATE_WORDS,
  seedMatrices,
  sliceSequences,
} from "@bystack/tensority/reference";
import { bytes, count, equal, type Fields, list, object } from "../check.ts";
import type { Handler, HandlerContext } from "../runner.ts";
import { runnableKernels } from "./kernels.ts";

/** `intermediates`: every step from seed and header hash to the Tensority hash. */
export const intermediates: Handler = (file, context) => {
  const kernels = runnableKernels(context);
  list(file, "file").forEach((value, index) => {
    const trace = object(value, "trace");
    const check = (label: string, body: () => void) =>
      context.check(`trace ${index}: ${label}`, body);
    checkSeed(trace, check);
    checkMatrices(trace, check);
    checkSlices(trace, check, kernels);
    checkFolding(trace, check);
  });
};

type Check = (label: string, body: () => void) => ReturnType<HandlerContext["check"]>;

function checkSeed(trace: Fields, check: Check): void {
  const expanded = expandSeed(bytes(trace["seed"], "seed"));
  check("seed expansion", () => {
    equal(expanded, bytes(trace["extended_seed"], "extended_seed"), "extended seed");
  });
  const wanted = new Map(
    list(trace["smix_rounds"], "smix_rounds").map((value) => {
      const fields = object(value, "round");
      return [count(fields["round"], "round"), fields] as const;
    }),
  );
  const view = new DataView(expanded.buffer);
  const state = Uint32Array.from({ length: STATE_WORDS }, (_, i) => view.getUint32(4 * i, true));
  const pad = new Uint32Array(BLOCKS * STATE_WORDS);
  const all = new Uint8Array(ROUNDS * 4 * pad.length);
  for (let round = 0; round < ROUNDS; round++) {
    mixRound(state, pad);
    const padBytes = littleEndian(pad);
    all.set(padBytes, round * padBytes.length);
    const fields = wanted.get(round);
    if (fields === undefined) continue;
    const after = littleEndian(state);
    check(`scratchpad ${round}`, () => {
      equal(blockText(pad, 0), fields["scratchpad_first_block"], "first block");
      equal(blockText(pad, 1), fields["scratchpad_second_block"], "second block");
      equal(blockText(pad, BLOCKS - 1), fields["scratchpad_last_block"], "last block");
      equal(sha256(padBytes), bytes(fields["scratchpad_sha256"], "sha256"), "scratchpad");
      equal(after, bytes(fields["state_after"], "state_after"), "state after the round");
    });
  }
  check("all scratchpads", () => {
    equal(sha256(all), bytes(trace["cache_sha256"], "cache_sha256"), "scratchpads");
  });
}

function blockText(pad: Uint32Array, block: number): string[] {
  return Array.from(pad.subarray(block * STATE_WORDS, (block + 1) * STATE_WORDS), (word) =>
    word.toString(16).padStart(8, "0"),
  );
}

function checkMatrices(trace: Fields, check: Check): void {
  const matrices = seedMatrices(bytes(trace["seed"], "seed"));
  check("all matrices", () => {
    const expected = bytes(trace["matrices_sha256"], "matrices_sha256");
    equal(sha256(asBytes(matrices)), expected, "matrices");
  });
  for (const value of list(trace["matrices"], "matrices")) {
    const fields = object(value, "matrix");
    const index = count(fields["index"], "index");
    const matrix = asBytes(matrixAt(matrices, index));
    check(`matrix ${index}`, () => {
      equal(sha256(matrix), bytes(fields["sha256"], "sha256"), "matrix");
      equal(matrix.subarray(0, 16), bytes(fields["row0_first16"], "row0"), "row 0, begin");
      equal(matrix.subarray(SIZE - 16, SIZE), bytes(fields["row0_last16"], "row0"), "row 0, end");
      equal(matrix.subarray(-16), bytes(fields["row255_last16"], "row255"), "row 255, end");
    });
  }
}

function checkSlices(trace: Fields, check: Check, kernels: readonly KernelFactory[]): void {
  const matrices = seedMatrices(bytes(trace["seed"], "seed"));
  const headerHash = bytes(trace["header_hash"], "header_hash");
  const sequences = sliceSequences(headerHash);
  for (const { name, create } of kernels) {
    const kernel = create();
    const sum = new Uint8Array(CELLS);
    for (const value of list(trace["slices"], "slices")) {
      const fields = object(value, "slice");
      const slice = count(fields["slice"], "slice");
      const sequence = sequences.subarray(slice * 32, slice * 32 + 32);
      check(`slice ${slice} by ${name}`, () => {
        if (kernel === undefined) throw new Error("the kernel cannot be made again");
        const input = headerHash.subarray(slice * 8, slice * 8 + 8);
        equal(input, bytes(fields["input"], "input"), "input");
        equal(sequence, bytes(fields["sequence"], "sequence"), "sequence");
        const states = new Map(
          list(fields["states"], "states").map((entry) => {
            const state = object(entry, "state");
            return [count(state["after_products"], "after_products"), state] as const;
          }),
        );
        let x = identity();
        for (let step = 0; step < 2 * sequence.length; step++) {
          x = kernel.multiply(x, matrixAt(matrices, sequence[step % sequence.length] ?? 0));
          const state = states.get(step + 1);
          if (state !== undefined) checkState(asBytes(x), state, step + 1);
        }
        asBytes(x).forEach((byte, i) => {
          sum[i] = (sum[i] ?? 0) + byte;
        });
      });
    }
    check(`sum by ${name}`, () => {
      equal(sum, bytes(trace["sum_matrix"], "sum_matrix"), "sum");
      equal(sha256(sum), bytes(trace["sum_matrix_sha256"], "sum_matrix_sha256"), "sum, hashed");
      equal(sum.subarray(0, SIZE), bytes(trace["sum_matrix_row0"], "row 0"), "sum, row 0");
    });
  }
}

function checkState(x: Uint8Array, state: Fields, products: number): void {
  equal(sha256(x), bytes(state["sha256"], "sha256"), `state after ${products} products`);
  equal(x.subarray(0, 16), bytes(state["row0_first16"], "row0"), "row 0, begin");
  equal(x.subarray(-16), bytes(state["row255_last16"], "row255"), "row 255, end");
}

function checkFolding(trace: Fields, check: Check): void {
  const sum = bytes(trace["sum_matrix"], "sum_matrix");
  let rows = packWords(sum);
  check("packing", () => {
    const words = Array.from(rows[0]?.subarray(0, 4) ?? [], (w) => w.toString(16).padStart(8, "0"));
    equal(words, trace["packed_row0_first4"], "packed words");
  });
  for (const value of list(trace["fold_levels"], "fold_levels")) {
    const fields = object(value, "level");
    rows = halve(rows);
    const [row0 = new Uint32Array()] = rows;
    const left = rows.length;
    check(`folding to ${left} rows`, () => {
      equal(left, fields["rows_left"], "rows left");
      equal(littleEndian(row0), bytes(fields["row0"], "row0"), "row 0");
    });
  }
  check("hash", () => {
    const folded = fold(sum);
    equal(folded, bytes(trace["fold_bytes"], "fold_bytes"), "folded");
    equal(sha3(folded), bytes(trace["hash"], "hash"), "hash");
  });
}

function asBytes(elements: Int8Array): Uint8Array {
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
}
