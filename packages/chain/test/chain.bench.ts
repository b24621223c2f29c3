import { readFileSync } from "node:fs";
import {
  type Block,
  bytomSolonet,
  decodeBlock,
  decodeTransaction,
  fromHex,
  mapTransaction,
  signatureHash,
} from "@bystack/butxo";
import { createVerifier, signatureBackend, useSignatureBackend } from "@bystack/crypto";
import type { BenchSuite } from "../../../scripts/harness.ts";
import { createProgramRunner, type TransactionContext, validateTransaction } from "../src/index.ts";
import { benchBackends } from "./bench-signatures.ts";
import { params } from "./kit.ts";
import { pairTransactions } from "./signed.ts";

const COUNT = 256;
const runProgram = createProgramRunner();

/** Validation of transactions, beside the signature checks that it cannot do without. */
export default function chain(): BenchSuite[] {
  useSignatureBackend(benchBackends()[0]);
  return [pairs(), recorded()];
}

/** Two inputs, two outputs, single keys. */
function pairs(): BenchSuite {
  const raw = pairTransactions(COUNT);
  const mapped = raw.map((bytes) => mapTransaction(decodeTransaction(bytes, params.dialect)));
  const signatures = mapped.flatMap((transaction) =>
    transaction.inputEntries.flatMap((entry, i) => {
      const [signature, publicKey] =
        entry !== undefined && "arguments" in entry ? entry.arguments : [];
      if (signature === undefined || publicKey === undefined) throw new Error("unsigned");
      return [{ message: signatureHash(transaction, i), signature, publicKey }];
    }),
  );
  const context = contextAt(1n, 200_000n);
  const bare = (library: string) => `the two signatures alone, ${library}`;
  const inUse = bare(signatureBackend().name);
  return {
    name: "2-in-2-out transactions, single keys",
    timeMs: 2000,
    cases: [
      ...benchBackends().map((backend) => {
        const verify = createVerifier(backend);
        return {
          name: bare(backend.name),
          operations: COUNT,
          run() {
            for (const { message, signature, publicKey } of signatures)
              if (!verify(message, signature, publicKey)) throw new Error("a bad signature");
          },
        };
      }),
      {
        name: "decode and map",
        operations: COUNT,
        run() {
          for (const bytes of raw) mapTransaction(decodeTransaction(bytes, params.dialect));
        },
      },
      {
        name: "validate",
        operations: COUNT,
        comparedTo: inUse,
        run() {
          for (const transaction of mapped) check(validateTransaction(transaction, context));
        },
      },
      {
        name: "decode, map, validate",
        operations: COUNT,
        comparedTo: inUse,
        run() {
          for (const bytes of raw)
            check(
              validateTransaction(
                mapTransaction(decodeTransaction(bytes, params.dialect)),
                context,
              ),
            );
        },
      },
    ],
    notes: [`validated with signatures by ${signatureBackend().name}`],
  };
}

/** What a real node produced: issuances, multi-signature, retirements, status-failed transactions. */
function recorded(): BenchSuite {
  const path = "vectors/ledger/chain_solonet.json";
  const { blocks } = JSON.parse(readFileSync(path, "utf8")) as { blocks: { raw: string }[] };
  const decoded = blocks.map(({ raw }): Block => decodeBlock(fromHex(raw), bytomSolonet.dialect));
  const items = decoded.flatMap(({ header, transactions }) =>
    transactions.slice(1).map((transaction) => ({
      mapped: mapTransaction(transaction),
      context: contextAt(header.version, header.height),
    })),
  );
  const inputs = items.reduce((sum, { mapped }) => sum + mapped.transaction.inputs.length, 0);
  return {
    name: "transactions of the recorded chain",
    timeMs: 2000,
    cases: [
      {
        name: "validate",
        operations: items.length,
        run() {
          for (const { mapped, context } of items) check(validateTransaction(mapped, context));
        },
      },
    ],
    notes: [
      `${items.length} transactions with ${inputs} inputs; signatures by ${signatureBackend().name}`,
      "the original node: 4,400 a CPU second",
    ],
  };
}

function contextAt(blockVersion: bigint, blockHeight: bigint): TransactionContext {
  return { blockVersion, blockHeight, isFirstInBlock: false, params: bytomSolonet, runProgram };
}

function check({ gasValid }: { gasValid: boolean }): void {
  if (!gasValid) throw new Error("an invalid transaction");
}
