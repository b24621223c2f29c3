import { explore, VARIANTS } from "@bystack/bbft/explore";
import { count, equal, list, object, text, UnreadableCase } from "../check.ts";
import type { HandlerContext } from "../runner.ts";

/** Variants of the voting core and the verdict of the exhaustive exploration. */
export async function modelCheck(file: unknown, { check, note }: HandlerContext): Promise<void> {
  for (const entry of list(object(file, "file")["variants"], "variants")) {
    const fields = object(entry, "variant");
    const name = text(fields["variant"], "variant");
    const views = count(fields["views"], "views");
    const byzantine = count(fields["byzantine"], "byzantine");
    await check(`${name}, ${views} views, ${byzantine} Byzantine`, () => {
      const variant = VARIANTS.find((known) => known === name);
      if (variant === undefined) throw new UnreadableCase(`unknown variant ${name}`);
      const { verdict, states } = explore({ variant, views, byzantine });
      note(`${name}, ${views} views, ${byzantine} Byzantine: ${verdict} after ${states} states`);
      equal(verdict, text(fields["expect"], "expect"), "verdict");
    });
  }
}
