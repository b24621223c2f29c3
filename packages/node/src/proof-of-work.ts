import type { BlockHeader, ProofOfWorkSeal } from "@bystack/butxo";

/** The seal of a header of the main chain. */
export function proofOfWork({ seal }: BlockHeader): ProofOfWorkSeal {
  if (seal.type === "proof-of-work") return seal;
  throw new RangeError("the header is not of a proof-of-work chain");
}
