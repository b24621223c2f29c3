/**
 * Never signs twice: the one door to the signing keys.
 *
 * @see spec 90-bbft, section 15 "Durability: never sign twice", item 1
 */
import { sameBytes } from "../bytes.ts";
import { BbftError } from "../error.ts";
import type { SignRequest, SignState } from "./events.ts";

/** Is a place in the protocol after another? */
export function isLaterStep(
  a: Pick<SignRequest, "height" | "view" | "step">,
  b: Pick<SignRequest, "height" | "view" | "step">,
): boolean {
  if (a.height !== b.height) return a.height > b.height;
  if (a.view !== b.view) return a.view > b.view;
  return a.step > b.step;
}

/**
 * What to do with a request: sign it, or give the stored signature of the very same bytes.
 *
 * @returns the stored signature, or undefined when it may be signed
 * @throws {@link BbftError} `double-sign` for anything not later than the last signature
 */
export function checkSignRequest(
  last: SignState | undefined,
  request: SignRequest,
  isLater: typeof isLaterStep = isLaterStep,
): Uint8Array | undefined {
  if (last === undefined || isLater(request, last)) return undefined;
  const isSame = !isLater(last, request) && sameBytes(last.bytes, request.bytes);
  if (isSame) return last.signature;
  throw new BbftError("double-sign", { height: request.height, view: request.view });
}
