import { VALIDATORS, VARIANTS, type Variant } from "./model.ts";

/** @throws RangeError when a search is not one of those that both explorers can make */
export function checkSearch({
  variant,
  views,
  byzantine,
}: {
  readonly variant: Variant;
  readonly views: number;
  readonly byzantine: number;
}): void {
  if (!VARIANTS.includes(variant)) throw new RangeError(`no such variant: ${variant}`);
  if (!Number.isInteger(views) || views < 1 || views > 3)
    throw new RangeError(`not 1 to 3 views: ${views}`);
  if (!Number.isInteger(byzantine) || byzantine < 0 || byzantine >= VALIDATORS)
    throw new RangeError(`not 0 to ${VALIDATORS - 1} Byzantine validators: ${byzantine}`);
}
