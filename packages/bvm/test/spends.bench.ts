import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createVerifier, signatureBackends, type Verifier } from "@bystack/crypto";
import { loadSodium } from "@bystack/crypto/sodium";
import { loadSodiumNative } from "@bystack/crypto/sodium-native";
import type { BenchCase, BenchSuite } from "../../../scripts/harness.ts";
import {
  type Context,
  execute,
  mainChain,
  multisigProgram,
  multisigWitness,
  p2wpkhProgram,
  p2wpkhWitness,
  p2wshProgram,
  publicKeyHash,
  scriptHash,
} from "../src/index.ts";

/** Each by other keys, as a chain sees them. */
const SPENDS = 64;
const GAS = 200_000n;

interface Signed {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly publicKey: Uint8Array;
}

interface Spend {
  readonly program: Uint8Array;
  readonly args: readonly Uint8Array[];
  readonly context: Context;
}

/**
 * What the machine adds to the signature checks that a spend consists of: spends beside the bare
 * checks with the same keys, for each signature backend.
 */
export default async function spends(): Promise<BenchSuite> {
  const signed = Array.from({ length: SPENDS }, () => signAll(randomBytes(32), 3));
  const single = signed.map(([first]) => (first === undefined ? [] : [first]));
  // The key nearest to the top is tried first: these two need two checks.
  const pair = signed.map((all) => all.slice(1));
  const p2wpkh = signed.map(spendP2wpkh);
  const multisig = signed.map(spendMultisig);
  const cases: BenchCase[] = [];
  // Benches run bundled, away from the package that has the addon.
  const addons = createRequire(resolve("packages/crypto/package.json"));
  const native = loadSodiumNative(addons.resolve("sodium-native"));
  for (const backend of [native, ...signatureBackends(), await loadSodium()]) {
    const verify = createVerifier(backend);
    const { name } = backend;
    cases.push(
      raw(`${name}: one signature`, single, verify),
      spending(`${name}: P2WPKH spend`, p2wpkh, verify, `${name}: one signature`),
      raw(`${name}: two signatures`, pair, verify),
      spending(`${name}: 2-of-3 spend`, multisig, verify, `${name}: two signatures`),
    );
  }
  const machineOnly = () => true;
  cases.push(
    spending("machine without signature check: P2WPKH spend", p2wpkh, machineOnly),
    spending("machine without signature check: 2-of-3 spend", multisig, machineOnly),
  );
  return { name: "spends", cases, timeMs: 1000 };
}

function signAll(message: Uint8Array, count: number): Signed[] {
  return Array.from({ length: count }, () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
    const signature = sign(null, message, privateKey);
    return { message, signature: Uint8Array.from(signature), publicKey: Uint8Array.from(raw) };
  });
}

function spendP2wpkh([first]: readonly Signed[]): Spend {
  if (first === undefined) throw new Error("no signature");
  const { publicKey, signature } = first;
  const program = p2wpkhProgram(publicKeyHash(publicKey));
  return { program, args: p2wpkhWitness(signature, publicKey), context: contextOf(first) };
}

function spendMultisig(signed: readonly Signed[]): Spend {
  const [first, second, third] = signed;
  if (first === undefined || second === undefined || third === undefined) throw new Error("no key");
  const script = multisigProgram(
    signed.map(({ publicKey }) => publicKey),
    2,
  );
  const args = multisigWitness([second.signature, third.signature], script);
  return { program: p2wshProgram(scriptHash(script)), args, context: contextOf(first) };
}

function contextOf({ message }: Signed): Context {
  return {
    vmVersion: 1n,
    entryId: new Uint8Array(32),
    txVersion: 1n,
    signatureHash: () => message,
  };
}

function raw(name: string, batches: readonly (readonly Signed[])[], verify: Verifier): BenchCase {
  return {
    name,
    operations: batches.length,
    run() {
      for (const batch of batches)
        for (const { message, signature, publicKey } of batch)
          if (!verify(message, signature, publicKey))
            throw new Error("a good signature is refused");
    },
  };
}

function spending(
  name: string,
  all: readonly Spend[],
  verify: Verifier,
  comparedTo?: string,
): BenchCase {
  return {
    name,
    operations: all.length,
    ...(comparedTo === undefined ? {} : { comparedTo }),
    run() {
      for (const { program, args, context } of all) {
        const executed = mainChain.convertProgram(program);
        const { error } = execute(executed, args, context, GAS, { verify });
        if (error !== undefined) throw new Error(`a good spend is refused: ${error}`);
      }
    },
  };
}
