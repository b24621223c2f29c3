/**
 * Vote keys enter a validator set only with proof that somebody holds their secret.
 *
 * @see spec 90-bbft, section 7.3 "bls12-381"
 */
import { BbftError } from "../error.ts";
import type { SignatureScheme } from "./scheme.ts";

/**
 * Checks the proof that comes with a vote key. Without it a key made from the others' keys would
 * sign for all of them.
 *
 * @param proof empty for schemes that need none
 * @throws {@link BbftError} `pop` when the key or the proof is not valid
 */
export function checkPossession(
  scheme: SignatureScheme,
  voteKey: Uint8Array,
  proof: Uint8Array,
): void {
  const isValid =
    voteKey.length === scheme.publicKeyLength && scheme.verifyPossession(voteKey, proof);
  if (!isValid) throw new BbftError("pop", { found: proof.length });
}
