import fc from "fast-check";
import {
  assetId,
  type Block,
  btmAssetId,
  createTransaction,
  type Dialect,
  type InputDraft,
  type OutputDraft,
  type Seal,
  type Transaction,
} from "../src/index.ts";

const MAX_63 = 2n ** 63n - 1n;

/** Values of the wire's widest integer, with those at the ends of each encoded length. */
const value63: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt(0n, MAX_63),
  fc.bigInt(0n, 300n),
  fc.integer({ min: 0, max: 9 }).map((n) => 2n ** BigInt(7 * n) - (n === 9 ? 1n : 0n)),
  fc.integer({ min: 1, max: 9 }).map((n) => 2n ** BigInt(7 * n) - 1n),
);

export const hash: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 32, maxLength: 32 });
const bytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 70 });
const suffix = fc.oneof({ weight: 3, arbitrary: fc.constant(new Uint8Array(0)) }, bytes);
const list = fc.array(bytes, { maxLength: 4 });
const asset = fc.oneof(fc.constant(btmAssetId()), hash);
const program = fc.oneof(
  bytes,
  hash.map((h) => Uint8Array.of(0x00, 0x20, ...h)),
  bytes.map((b) => Uint8Array.of(0x6a, ...b)),
);

const suffixes = { commitmentSuffix: suffix, witnessSuffix: suffix };
const commitment = { assetId: asset, amount: value63, controlProgram: program };
const spent = {
  ...commitment,
  ...suffixes,
  sourceId: hash,
  sourcePosition: value63,
  arguments: list,
  spendCommitmentSuffix: suffix,
};

const spend = fc.record({ type: fc.constant("spend" as const), ...spent });
const coinbase = fc.record({
  type: fc.constant("coinbase" as const),
  arbitrary: bytes,
  ...suffixes,
});
const veto = fc.record({ type: fc.constant("veto" as const), ...spent, vote: bytes });
const crossChainIn = fc.record({
  type: fc.constant("cross-chain-in" as const),
  ...spent,
  issuanceVmVersion: value63,
  assetDefinition: bytes,
  issuanceProgram: program,
});
const issuance = fc
  .record({
    type: fc.constant("issuance" as const),
    ...suffixes,
    nonce: bytes,
    amount: value63,
    assetDefinition: bytes,
    vmVersion: value63,
    issuanceProgram: program,
    arguments: list,
  })
  .map((input) => ({
    ...input,
    assetId: assetId(input.issuanceProgram, input.assetDefinition, input.vmVersion),
  }));
const unknownVersion = value63.filter((version) => version !== 1n);
const unknownInput = fc.record({
  type: fc.constant("unknown" as const),
  assetVersion: unknownVersion,
  ...suffixes,
});

const outputFields = { ...commitment, commitmentSuffix: suffix };
const plainOutput = fc.record({ type: fc.constant("output" as const), ...outputFields });
const unknownOutput = fc.record({
  type: fc.constant("unknown" as const),
  assetVersion: unknownVersion,
  commitmentSuffix: suffix,
  outputSuffix: fc.constant(new Uint8Array(0)),
});
const typed = { ...outputFields, outputSuffix: suffix };
const sideOutput = fc.oneof(
  fc.record({ type: fc.constant("output" as const), ...typed }),
  fc.record({ type: fc.constant("cross-chain-out" as const), ...typed }),
  fc.record({ type: fc.constant("vote" as const), ...typed, vote: bytes }),
);

const inputs: { readonly [name in Dialect["name"]]: fc.Arbitrary<InputDraft> } = {
  bytom: fc.oneof(spend, issuance, coinbase, unknownInput),
  vapor: fc.oneof(spend, coinbase, veto, crossChainIn),
};
const outputs: { readonly [name in Dialect["name"]]: fc.Arbitrary<OutputDraft> } = {
  bytom: fc.oneof(plainOutput, unknownOutput),
  vapor: sideOutput,
};

/** Any transaction that the dialect can say. */
export function transaction(dialect: Dialect): fc.Arbitrary<Transaction> {
  return fc
    .record({
      version: value63,
      timeRange: value63,
      inputs: fc.array(inputs[dialect.name], { maxLength: 4 }),
      outputs: fc.array(outputs[dialect.name], { minLength: 1, maxLength: 4 }),
    })
    .map((draft) => createTransaction(draft, dialect));
}

/** Any block that the dialect can say. */
export function block(dialect: Dialect): fc.Arbitrary<Block> {
  const seal: fc.Arbitrary<Seal> =
    dialect.seal === "proof-of-work"
      ? fc.record({ type: fc.constant("proof-of-work" as const), nonce: value63, bits: value63 })
      : fc.record({ type: fc.constant("witnesses" as const), witnesses: list });
  const header = fc.record({
    dialect: fc.constant(dialect),
    version: value63,
    height: value63,
    previousBlockHash: hash,
    timestamp: value63,
    transactionMerkleRoot: hash,
    transactionStatusHash: hash,
    seal,
  });
  return fc.record({ header, transactions: fc.array(transaction(dialect), { maxLength: 3 }) });
}
