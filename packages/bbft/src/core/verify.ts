/**
 * Carries out the checks that the core asks for; in the same thread, in a worker, or elsewhere.
 *
 * @see spec 90-bbft, section 16 item 1, and 7.5
 */
import { checkCertificate, verifyCertificateSignature } from "../certificate.ts";
import { BbftError } from "../error.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { checkTimeoutCertificate } from "../timeout-certificate.ts";
import type { Electorate } from "../validator-set.ts";
import type { Check } from "./events.ts";

/** What verification needs to know about an epoch. */
export interface VerifyContext {
  readonly chainId: Uint8Array;
  /** Verifies identity signatures. */
  readonly identity: Pick<SignatureScheme, "verify">;
  electorateOf(
    epoch: bigint,
  ): { readonly electorate: Electorate; readonly scheme: SignatureScheme } | undefined;
}

/** Positions that are invalid: those of the parts, those of the checks of "all", else `[0]`. */
export function runCheck(check: Check, context: VerifyContext): number[] {
  switch (check.type) {
    case "parts": {
      const found = context.electorateOf(check.epoch);
      if (found === undefined) return check.parts.map((_, position) => position);
      const { electorate, scheme } = found;
      const invalid: number[] = [];
      const singles: { position: number; signer: number; signature: Uint8Array }[] = [];
      check.parts.forEach(({ signers, signature }, position) => {
        const [signer] = signers;
        if (signers.length === 1 && signer !== undefined)
          singles.push({ position, signer, signature });
        else if (!scheme.verifyCombined(electorate.voteKeys, signers, check.message, signature))
          invalid.push(position);
      });
      for (const at of scheme.findInvalid(electorate.voteKeys, check.message, singles)) {
        const single = singles[at];
        if (single !== undefined) invalid.push(single.position);
      }
      return invalid;
    }
    case "certificate": {
      const { certificate } = check;
      return isSound(certificate.epoch, context, (electorate, scheme) =>
        checkCertificate(certificate, context.chainId, electorate, scheme),
      );
    }
    case "false-contribution": {
      const { contribution } = check;
      const found = context.electorateOf(contribution.epoch);
      if (found === undefined) return [0];
      const { electorate, scheme } = found;
      const isTrue = verifyCertificateSignature(contribution, context.chainId, electorate, scheme);
      return isTrue ? [0] : [];
    }
    case "timeout-certificate": {
      const { certificate } = check;
      return isSound(certificate.epoch, context, (electorate, scheme) =>
        checkTimeoutCertificate(certificate, context.chainId, electorate, scheme),
      );
    }
    case "identity": {
      const electorate = context.electorateOf(check.epoch)?.electorate;
      const key = electorate?.set.validators[check.validator]?.idKey;
      const isValid =
        key !== undefined && context.identity.verify(key, check.message, check.signature);
      return isValid ? [] : [0];
    }
    case "all":
      return check.checks.flatMap((one, position) =>
        runCheck(one, context).length === 0 ? [] : [position],
      );
    default:
      return check satisfies never;
  }
}

function isSound(
  epoch: bigint,
  context: VerifyContext,
  action: (electorate: Electorate, scheme: SignatureScheme) => void,
): number[] {
  const found = context.electorateOf(epoch);
  if (found === undefined) return [0];
  try {
    action(found.electorate, found.scheme);
    return [];
  } catch (error) {
    if (error instanceof BbftError) return [0];
    throw error;
  }
}
