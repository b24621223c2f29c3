import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import builders from "../../../vectors/bvm/builders.json" with { type: "json" };
import magnetic from "../../../vectors/bvm/vapor-magnetic-programs.json" with { type: "json" };
import {
  type Context,
  cachedVerify,
  cancelOrderWitness,
  checkOutputAmong,
  clauseWitness,
  coinbaseProgram,
  execute,
  fullTradeWitness,
  int64Bytes,
  isP2wmcProgram,
  isP2wpkhProgram,
  isP2wshProgram,
  isPush,
  isStandardProgram,
  issuanceHeight,
  isUnspendableProgram,
  magneticClause,
  mainChain,
  multisigProgram,
  multisigWitness,
  p2mcProgram,
  p2wmcProgram,
  p2wpkhProgram,
  p2wpkhWitness,
  p2wshProgram,
  p2wshWitness,
  parseP2wmcProgram,
  parseProgram,
  partialTradeWitness,
  publicKeyHash,
  retireProgram,
  scriptHash,
  sideChain,
  witnessProgram,
} from "../src/index.ts";
import { toHex } from "../src/text.ts";
import { hex } from "./golden.ts";

const MESSAGE = new Uint8Array(32).fill(7);
const ASSET = new Uint8Array(32).fill(1);
const REQUESTED = new Uint8Array(32).fill(2);

interface Owner {
  readonly key: KeyObject;
  readonly publicKey: Uint8Array;
}

function owner(): Owner {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  return { key: privateKey, publicKey: Uint8Array.from(raw) };
}

function signed({ key }: Owner): Uint8Array {
  return Uint8Array.from(sign(null, MESSAGE, key));
}

const context: Context = {
  vmVersion: 1n,
  entryId: new Uint8Array(32),
  txVersion: 1n,
  blockHeight: 100n,
  signatureHash: () => MESSAGE,
};

/** Runs a control program of the main chain as validation does. */
function spend(program: Uint8Array, args: readonly Uint8Array[], limit = 100_000n) {
  return execute(mainChain.convertProgram(program), args, context, limit);
}

const [first, second, third] = [owner(), owner(), owner()];
const keys = [first, second, third].map(({ publicKey }) => publicKey);

describe("P2WPKH", () => {
  const program = p2wpkhProgram(publicKeyHash(first.publicKey));

  it("opens to the owner's signature for 1409 gas", () => {
    const { error, gasLeft } = spend(program, p2wpkhWitness(signed(first), first.publicKey));
    expect(error).toBeUndefined();
    expect(100_000n - gasLeft).toBe(1409n);
  });

  it("stays closed to others", () => {
    expect(spend(program, p2wpkhWitness(signed(second), first.publicKey)).error).toBe(
      "false-vm-result",
    );
    expect(spend(program, p2wpkhWitness(signed(second), second.publicKey)).error).toBe(
      "verify-failed",
    );
    expect(spend(program, []).error).toBe("data-stack-underflow");
  });
});

describe("2-of-3", () => {
  const script = multisigProgram(keys, 2);
  const program = p2wshProgram(scriptHash(script));

  it.each([
    ["first and second", [first, second], undefined],
    ["first and third", [first, third], undefined],
    ["second and third", [second, third], undefined],
    ["the wrong order", [second, first], "false-vm-result"],
    ["one of them twice", [first, first], "false-vm-result"],
  ])("%s", (_name, signers, error) => {
    expect(spend(program, multisigWitness(signers.map(signed), script)).error).toBe(error);
    expect(spend(script, signers.map(signed)).error).toBe(error);
  });

  it("stays closed to another script with the same witness", () => {
    const other = multisigProgram(keys, 1);
    expect(spend(program, multisigWitness([signed(first)], other)).error).toBe("verify-failed");
  });
});

describe("multisig below a height", () => {
  it("is told by issuanceHeight and judged by the block's height", () => {
    const until = (height: bigint) =>
      multisigProgram([first.publicKey], 1, { belowHeight: height });
    expect(issuanceHeight(until(101n))).toBe(101n);
    expect(spend(until(101n), [signed(first)]).error).toBeUndefined();
    expect(spend(until(100n), [signed(first)]).error).toBe("verify-failed");
    expect(toHex(until(0n))).toBe(toHex(multisigProgram([first.publicKey], 1)));
  });

  it.each([-1, 4, 0, 1.5])("refuses a quorum of %d", (quorum) => {
    expect(() => multisigProgram(keys, quorum)).toThrow(
      expect.objectContaining({ name: "BvmError", code: "bad-value" }),
    );
  });
});

describe("recognizers", () => {
  it("take every witness version, conversion only the first", () => {
    const versioned = hex(`5114${"ab".repeat(20)}`);
    expect(isP2wpkhProgram(versioned)).toBe(true);
    expect(mainChain.convertProgram(versioned)).toBe(versioned);
    expect(spend(versioned, []).error).toBeUndefined();
    expect(() => witnessProgram(versioned)).toThrow("unknown-witness-version");
  });

  it("take nothing that does not decode", () => {
    const cut = p2wshProgram(new Uint8Array(32)).subarray(0, 30);
    expect(isP2wshProgram(cut)).toBe(false);
    expect(isStandardProgram(cut)).toBe(false);
    expect(issuanceHeight(hex("51cda0694c"))).toBe(0n);
    expect(isUnspendableProgram(hex("6a4c"))).toBe(true);
  });

  it("count 1NEGATE among no pushes", () => {
    const instructions = parseProgram(hex("004f51604b".slice(0, 8)));
    expect(instructions.map(isPush)).toEqual([true, false, true, true]);
  });

  it("agree with every form of the golden calls", () => {
    for (const { fn, args, result } of builders.vectors) {
      const [argument] = args ?? [];
      if (fn !== "isP2wScript" || typeof argument !== "string") continue;
      expect([argument, isStandardProgram(hex(argument))]).toEqual([argument, result]);
    }
  });
});

it("coinbase and retirement", () => {
  expect(spend(coinbaseProgram(), []).error).toBeUndefined();
  expect(toHex(retireProgram(hex("0102")))).toBe("6a020102");
  expect(spend(retireProgram(new Uint8Array(0)), []).error).toBe("return");
});

it("hashes of a wrong length are the caller's mistake", () => {
  expect(() => p2wpkhProgram(new Uint8Array(32))).toThrow(RangeError);
  expect(() => p2wshProgram(new Uint8Array(20))).toThrow(RangeError);
});

it("witnesses of scripts and contracts", () => {
  expect(p2wshWitness([hex("01")], hex("51")).map(toHex)).toEqual(["01", "51"]);
  expect(clauseWitness([hex("aa")], 0).map(toHex)).toEqual(["aa", ""]);
  expect(clauseWitness([hex("aa")], 2).map(toHex)).toEqual(["aa", "02"]);
});

describe("magnetic order", () => {
  const order = {
    requestedAsset: REQUESTED,
    ratioNumerator: 2n,
    ratioDenominator: 1n,
    sellerProgram: p2wpkhProgram(publicKeyHash(first.publicKey)),
    sellerKey: first.publicKey,
  };
  const program = p2wmcProgram(order);
  /** The seller gets 999 of 1000, the rest of the order stays locked. */
  const payment = (amount: bigint) => ({
    type: "output" as const,
    assetId: REQUESTED,
    amount,
    vmVersion: 1n,
    program: order.sellerProgram,
  });
  const rest = (amount: bigint) => ({
    type: "output" as const,
    assetId: ASSET,
    amount,
    vmVersion: 1n,
    program,
  });

  function trade(args: readonly Uint8Array[], outputs: Parameters<typeof checkOutputAmong>[0]) {
    const trading = {
      ...context,
      assetId: ASSET,
      amount: 1000n,
      checkOutput: checkOutputAmong(outputs),
    };
    return execute(sideChain.convertProgram(program), args, trading, 100_000n, {
      instructionSet: sideChain.instructions,
    }).error;
  }

  it("is bought in part", () => {
    const witness = partialTradeWitness(1000n, 0n);
    expect(trade(witness, [payment(999n), rest(500n)])).toBeUndefined();
    expect(trade(witness, [payment(998n), rest(500n)])).toBe("verify-failed");
    expect(trade(witness, [payment(999n), rest(499n)])).toBe("false-vm-result");
  });

  it("is bought as a whole", () => {
    expect(trade(fullTradeWitness(0n), [payment(1998n)])).toBeUndefined();
    expect(trade(fullTradeWitness(0n), [payment(1997n)])).toBe("false-vm-result");
  });

  it("is canceled by the seller", () => {
    expect(trade(cancelOrderWitness(signed(first)), [])).toBeUndefined();
    expect(trade(cancelOrderWitness(signed(second)), [])).toBe("false-vm-result");
  });

  it("tells clauses by their witness", () => {
    expect(magneticClause(partialTradeWitness(5n, 1n))).toBe("partial-trade");
    expect(magneticClause(fullTradeWitness(1n))).toBe("full-trade");
    expect(magneticClause(cancelOrderWitness(MESSAGE))).toBe("cancel");
    expect(magneticClause([int64Bytes(1n), int64Bytes(2n)])).toBeUndefined();
    expect(magneticClause([MESSAGE, MESSAGE, hex("00")])).toBeUndefined();
    expect(magneticClause([hex("02")])).toBeUndefined();
    expect(magneticClause([])).toBeUndefined();
  });

  it("is read back from its program", () => {
    expect(parseP2wmcProgram(program)).toEqual(order);
    expect(isP2wmcProgram(p2mcProgram(order))).toBe(false);
    expect(mainChain.convertProgram(program)).toBe(program);
  });

  it("expands the golden orders", () => {
    let expanded = 0;
    for (const { fn, args, result } of magnetic.vectors) {
      const [argument] = args;
      if (fn !== "convertP2mcProgram" || typeof argument !== "string") continue;
      expect(toHex(sideChain.convertProgram(hex(argument)))).toBe(result);
      expanded++;
    }
    expect(expanded).toBeGreaterThan(0);
  });
});

describe("cachedVerify", () => {
  it("asks once for the same message, key and signature", () => {
    const asked: string[] = [];
    const cache = new Map<string, boolean>();
    const verify = cachedVerify((message, signature, publicKey) => {
      asked.push([message, signature, publicKey].map(toHex).join());
      return signature[0] === 1;
    }, cache);
    const [good, bad] = [new Uint8Array(64).fill(1), new Uint8Array(64)];
    const ask = (signature: Uint8Array, key = MESSAGE) => verify(MESSAGE, signature, key);
    expect([ask(good), ask(good), ask(bad), ask(bad), ask(good, ASSET)]).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
    expect([asked.length, cache.size]).toEqual([3, 3]);
  });

  it("keeps nothing about signatures of another length", () => {
    const cache = new Map<string, boolean>();
    const verify = cachedVerify(() => false, cache);
    expect(verify(MESSAGE, new Uint8Array(63), MESSAGE)).toBe(false);
    expect(cache.size).toBe(0);
  });
});
