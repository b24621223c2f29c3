import {
  type Address,
  bytomMainnet,
  bytomSolonet,
  bytomWisdom,
  decodeAddress,
  encodeAddress,
  keyHash,
  programAddress,
  scriptHash,
} from "@bystack/butxo";
import { bytes, equal, type Fields, flag, text, UnreadableCase } from "../check.ts";
import type { Handler } from "../runner.ts";
import { checkLists, compareFields } from "./describe.ts";
import { executedProgram } from "./programs.ts";
import { checkError } from "./reference-error.ts";

/** `address`: from keys and scripts to addresses and back, and texts of all kinds for each network. */
export const addresses: Handler = (file, context) => {
  checkLists(file, context, { valid: checkValid, decode: checkDecoding });
};

function checkValid({ network, public_key, script, ...rest }: Fields): void {
  const prefix = prefixOf(network);
  const hash =
    public_key === undefined
      ? scriptHash(bytes(script, "script"))
      : keyHash(bytes(public_key, "public_key"));
  const address = encodeAddress(hash, prefix);
  const { type, controlProgram } = decodeAddress(address, prefix);
  equal(programAddress(controlProgram, prefix), address, "address of the program");
  const ours = {
    type,
    hash,
    address,
    control_program: controlProgram,
    vm_program: executedProgram(controlProgram),
  };
  compareFields(ours, rest, "address");
}

function checkDecoding({ network, address, ok, error, ...rest }: Fields): void {
  const prefix = prefixOf(network);
  const decode = (): Address => decodeAddress(text(address, "address"), prefix);
  if (!flag(ok, "ok")) {
    checkError(decode, text(error, "error"));
    return;
  }
  const { hash } = decode();
  compareFields({ hash, encoded: encodeAddress(hash, prefix) }, rest, "address");
}

function prefixOf(chainId: unknown): string {
  const network = [bytomMainnet, bytomWisdom, bytomSolonet].find((n) => n.chainId === chainId);
  if (network === undefined) throw new UnreadableCase(`unknown network ${chainId}`);
  return network.addressPrefix;
}
