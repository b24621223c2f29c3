import type { FuzzTarget } from "../../../scripts/harness.ts";
import {
  assemble,
  BvmError,
  type Context,
  checkOutputAmong,
  disassemble,
  Machine,
  mainChain,
  p2wmcProgram,
  parseP2wmcProgram,
  parseProgram,
  sideChain,
  sideChainOpcodes,
  type VmDialect,
} from "../src/index.ts";
import { fromHex, toHex } from "../src/text.ts";

/** Honest programs of this gas execute fewer instructions than the guard allows. */
const GAS = 10_000n;
const MAX_STEPS = 20_000;
const MAX_HELD = 2 ** 22;

const assetId = new Uint8Array(32);

const context: Context = {
  vmVersion: 1n,
  entryId: new Uint8Array(32).fill(1),
  txVersion: 1n,
  blockHeight: 1000n,
  assetId,
  amount: 2n ** 64n - 1n,
  destinationPosition: 1n,
  spentOutputId: new Uint8Array(32).fill(2),
  signatureHash: () => new Uint8Array(32).fill(3),
  checkOutput: checkOutputAmong([
    { type: "output", assetId, amount: 5n, vmVersion: 1n, program: Uint8Array.of(0x51) },
    { type: "retirement", assetId, amount: 5n },
    { type: "other" },
    { type: "missing" },
  ]),
};

const SEEDS = [
  "008b760340420f9f6401000000",
  "008b76aa757603400d039f6401000000",
  "5100015100c0",
  "0001c451c0756300000000",
  "76ab14388d27202683690506edfaf65ef8a461445c9a8888ae7cac",
  "aa05616263646500c07c8765",
  "0861626364656667687653800258598951",
  "00510161510151c1",
  "08ffffffffffffff7f08ffffffffffffff7f0400000080a6",
  "6e7e7a797f80818283848586878889",
  "51525354555657586b6c6d6e6f70717273747576777879",
  "525293539c69535493559596979899a0a1a2a3a4a5",
].map((hex) => fromHex(hex) ?? new Uint8Array(0));

const TEXTS = [
  "$a 'it\\'s' 0xAB -12 JUMPIF:$a JUMP:7 DATA_5 TRUE",
  "2 3 ADD 5 NUMEQUAL VERIFY 0x6a 0 SWAP 0 CHECKPREDICATE",
  "JUMPIF:$x 1 2 $y ADD JUMP:$y $x DROP 1NEGATE 9223372036854775807",
];

/** Programs, instructions and texts that nobody vouches for. */
export default function targets(): FuzzTarget[] {
  return [
    runTarget("bvm/run", mainChain),
    runTarget("bvm/run-side-chain", sideChain),
    {
      name: "bvm/disassemble",
      seeds: SEEDS,
      run(input) {
        const text = disassemble(input, sideChainOpcodes);
        for (const { length } of parseProgram(input))
          if (length < 1) throw new Error("no progress");
        if (input.length > 0 && text === "") throw new Error("no text");
      },
      isExpected,
    },
    {
      name: "bvm/assemble",
      seeds: TEXTS.map(latin1),
      run(input) {
        assemble(String.fromCharCode(...input));
      },
      isExpected,
    },
    {
      name: "bvm/convert",
      seeds: [...SEEDS, p2wmcProgram(ORDER)],
      run(input) {
        for (const { convertProgram } of [mainChain, sideChain]) convertProgram(input);
        const order = parseP2wmcProgram(input);
        if (order === undefined) return;
        const again = parseP2wmcProgram(p2wmcProgram(order));
        if (again === undefined || again.ratioNumerator !== order.ratioNumerator)
          throw new Error("an order that does not come back");
      },
      isExpected,
    },
  ];
}

const ORDER = {
  requestedAsset: assetId,
  ratioNumerator: 3n,
  ratioDenominator: -1n,
  sellerProgram: Uint8Array.of(0x51),
  sellerKey: new Uint8Array(32),
};

/** The first byte says how many of the following pieces of the input are arguments. */
function runTarget(name: string, { instructions }: VmDialect): FuzzTarget {
  return {
    name,
    seeds: SEEDS.map((seed) => Uint8Array.of(0, ...seed)),
    maxLength: 1024,
    run(input) {
      const count = (input[0] ?? 0) & 3;
      const args = Array.from({ length: count }, (_, i) => input.subarray(1 + 4 * i, 5 + 4 * i));
      const program = input.subarray(1);
      const before = toHex(program);
      const options = {
        instructionSet: instructions,
        maxSteps: MAX_STEPS,
        verify: (message: Uint8Array, signature: Uint8Array) => message[0] === signature[0],
      };
      const machine = new Machine(program, args, context, GAS, options);
      const { gasLeft, error, steps, cause } = machine.run();
      if (cause !== undefined) throw cause;
      if (gasLeft < 0n || steps > MAX_STEPS) throw new Error(`${gasLeft} gas, ${steps} steps`);
      if (toHex(program) !== before) throw new Error("the run changed its program");
      let held = 0;
      for (const item of [...machine.dataStack, ...machine.altStack]) held += item.length;
      if (held > MAX_HELD) throw new Error(`${held} bytes on the stacks after ${error}`);
    },
    isExpected,
  };
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function isExpected(error: unknown): boolean {
  return error instanceof BvmError;
}
