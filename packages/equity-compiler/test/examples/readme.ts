import {
  artifactOf,
  check,
  compile,
  contract,
  formatDiagnostic,
  signatureBy,
} from "../../src/index.ts";
import { tradeOfferContract } from "../../src/templates/index.ts";

const [compiled] = compile(`
contract Savings(owner: PublicKey, opensAt: Integer) locks amount of asset {
  clause withdraw(signature: Signature) {
    verify above(opensAt)
    verify checkTxSig(owner, signature)
    unlock amount of asset
  }
}`);
if (compiled === undefined) throw new Error("the text has no contract");

export const opcodes: string = compiled.opcodes;

const savings = contract(artifactOf(compiled));
export const controlProgram: Uint8Array = savings.instantiate({
  owner: "07".repeat(32), // bytes or hex
  opensAt: 120_000n,
});

export const offer: Uint8Array = tradeOfferContract.instantiate({
  wantedAsset: "bb".repeat(32),
  wantedAmount: 50n,
  seller: "0014".padEnd(44, "a1"),
  sellerKey: "07".repeat(32),
});

export const trade: Uint8Array[] = tradeOfferContract.unlock("trade", {});

// A signature is made when the transaction is complete: this marks its place.
export const cancel = tradeOfferContract.unlock("cancel", {
  signature: signatureBy({ account: "alice" }),
});

const { diagnostics } = check("contract Lock(key: PublicKy) locks n of a { }", {
  file: "lock.equity",
});
export const report: string = diagnostics.map(formatDiagnostic).join("\n");
// lock.equity:1:20: error[unknown-type]: unknown type PublicKy
//   1 | contract Lock(key: PublicKy) locks n of a { }
//     |                    ^^^^^^^^
//     = did you mean "PublicKey"?
