import type { GasRules } from "@bystack/butxo";
import { ChainError } from "../error.ts";

/** The gas figures of a transaction, whatever its verdict. */
export interface GasFigures {
  /** True once it is certain that the fee is paid: from then on the transaction may be in a block. */
  readonly gasValid: boolean;
  /** The fee, neu. */
  readonly btmValue: bigint;
  readonly gasUsed: bigint;
  readonly gasLeft: bigint;
  readonly storageGas: bigint;
}

/**
 * The running account of a transaction's gas.
 *
 * @see spec 10-ledger, section 7.2 "Entry walk"
 */
export class GasMeter implements GasFigures {
  gasValid = false;
  btmValue = 0n;
  gasUsed = 0n;
  gasLeft = 0n;
  storageGas = 0n;
  private readonly rules: GasRules;

  constructor(rules: GasRules) {
    this.rules = rules;
  }

  /** Turns the fee into gas. */
  setGas(btmValue: bigint, serializedSize: number): void {
    if (btmValue < 0n) throw new ChainError("gas-calculate", { detail: "outputs exceed inputs" });
    const { vmGasRate, maxTransactionGas, storageGasRate } = this.rules;
    this.btmValue = btmValue;
    this.gasLeft = btmValue / vmGasRate;
    if (this.gasLeft > maxTransactionGas) this.gasLeft = maxTransactionGas;
    this.storageGas = BigInt(serializedSize) * storageGasRate;
  }

  /** Pays for the bytes; from here on a failure is only a failed status. */
  setGasValid(): void {
    this.gasLeft -= this.storageGas;
    if (this.gasLeft < 0n)
      throw new ChainError("gas-calculate", { detail: "the fee does not pay for the size" });
    this.gasUsed += this.storageGas;
    this.gasValid = true;
  }

  /** Accounts for a program that ran well and left `gasLeft`. */
  updateUsage(gasLeft: bigint): void {
    if (gasLeft < 0n) throw new ChainError("gas-calculate");
    this.gasUsed += this.gasLeft - gasLeft;
    this.gasLeft = gasLeft;
    if (this.gasValid) return;
    if (this.gasUsed > this.rules.defaultGasCredit || this.storageGas > this.gasLeft)
      throw new ChainError("over-gas-credit");
  }

  /** A coinbase does not pay for its bytes. */
  waiveStorage(): void {
    this.storageGas = 0n;
  }

  figures(): GasFigures {
    const { gasValid, btmValue, gasUsed, gasLeft, storageGas } = this;
    return { gasValid, btmValue, gasUsed, gasLeft, storageGas };
  }
}
