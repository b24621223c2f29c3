/**
 * Checks signatures, in this thread unless somebody else does it.
 *
 * @see spec 90-bbft, section 16 item 1
 */
import type { Check } from "../core/events.ts";
import { runCheck, type VerifyContext } from "../core/verify.ts";
import type { EventLoop } from "./event-loop.ts";
import type { Verifier } from "./interfaces.ts";

export class Verification {
  readonly #context: VerifyContext;
  readonly #verifier: Verifier | undefined;
  readonly #loop: Pick<EventLoop, "push" | "beside">;

  constructor(
    context: VerifyContext,
    verifier: Verifier | undefined,
    loop: Pick<EventLoop, "push" | "beside">,
  ) {
    this.#context = context;
    this.#verifier = verifier;
    this.#loop = loop;
  }

  run(id: number, check: Check): void {
    const tell = (invalid: readonly number[]): void =>
      this.#loop.push({ type: "verified", id, invalid });
    if (this.#verifier === undefined) tell(runCheck(check, this.#context));
    else this.#loop.beside(this.#verifier.verify(check), tell);
  }
}
