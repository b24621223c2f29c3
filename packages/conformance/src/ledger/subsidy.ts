import { blockSubsidy, bytomMainnet } from "@bystack/butxo";
import { equal, integer, list, object } from "../check.ts";
import type { Handler } from "../runner.ts";

/** `subsidy`: new coins by height. */
export const subsidies: Handler = (file, context) => {
  list(file, "file").forEach((value, index) => {
    context.check(`subsidy ${index}`, () => {
      const { height, subsidy } = object(value, "case");
      const ours = blockSubsidy(bytomMainnet, integer(height, "height"));
      equal(ours, integer(subsidy, "subsidy"), "subsidy");
    });
  });
};
