/**
 * The validators of epochs long ago, for evidence against them.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import type { DecodeContext } from "../core/message-codec.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { createElectorate } from "../validator-set.ts";
import type { Application } from "./interfaces.ts";

/**
 * Asks the application who voted in an epoch.
 *
 * @param schemes the signature schemes that the chain has used
 * @throws RangeError when the set's scheme is none of them
 */
export async function recallEpoch(
  application: Pick<Application, "validators">,
  schemes: readonly SignatureScheme[],
  epoch: bigint,
): Promise<DecodeContext> {
  const set = { ...(await application.validators(epoch)), epoch };
  const scheme = schemes.find(({ id }) => id === set.scheme);
  if (scheme === undefined)
    throw new RangeError(`epoch ${epoch} used scheme ${set.scheme}: give it as an option`);
  return { electorate: createElectorate(set), scheme };
}
