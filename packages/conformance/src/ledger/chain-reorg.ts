import { nextBitsOf } from "@bystack/chain";
import { equal, integer, object, text } from "../check.ts";
import type { Handler } from "../runner.ts";
import { compareFinalUtxos, memoryChain, playSteps, unminedWork } from "./chain-driver.ts";

/** Forks, orphans, refused blocks and reorganizations on a network that any hash satisfies. */
export const chainReorg: Handler = async (file, context) => {
  const { genesis, genesis_bits, steps, final_utxos } = object(file, "file");
  const chain = await memoryChain(unminedWork(), text(genesis, "genesis"));
  if (genesis_bits !== undefined)
    await context.check("genesis_bits", () =>
      equal(nextBitsOf(chain.tip), integer(genesis_bits, "genesis_bits"), "genesis_bits"),
    );
  await playSteps(chain, steps, context);
  if (final_utxos !== undefined)
    await context.check("final_utxos", () => compareFinalUtxos(chain, final_utxos));
};
