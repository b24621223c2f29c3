import { sha3_256 } from "@noble/hashes/sha3.js";
import {
  type Certificate,
  createElectorate,
  type Electorate,
  type SignatureScheme,
  signerSet,
  type VoteKind,
  voteBytes,
} from "../src/index.ts";

export const chainId: Uint8Array = sha3_256(Uint8Array.of(1));

/** A reproducible secret of 32 bytes that is valid for every scheme. */
export function secretOf(index: number): Uint8Array {
  const secret = sha3_256(Uint8Array.of(2, index & 0xff, index >> 8));
  secret[0] = 0x11;
  return secret;
}

export function electorateOf(scheme: SignatureScheme, powers: readonly bigint[]): Electorate {
  return createElectorate({
    epoch: 0n,
    scheme: scheme.id,
    validators: powers.map((power, index) => ({
      power,
      stake: 1n,
      voteKey: scheme.publicKey(secretOf(index)),
      idKey: sha3_256(Uint8Array.of(3, index)),
    })),
  });
}

export function certificateBy(
  scheme: SignatureScheme,
  n: number,
  signers: readonly number[],
  kind: VoteKind = 2,
): Certificate {
  const position = { epoch: 0n, height: 5n, view: 1 };
  const valueId = sha3_256(Uint8Array.of(4));
  const message = voteBytes(kind, chainId, position, valueId);
  const signature = scheme.combine(
    signers.map((signer) => ({
      signers: [signer],
      signature: scheme.sign(secretOf(signer), message),
    })),
  );
  return {
    kind,
    scheme: scheme.id,
    ...position,
    valueId,
    n,
    signers: signerSet(n, signers),
    signature,
  };
}
