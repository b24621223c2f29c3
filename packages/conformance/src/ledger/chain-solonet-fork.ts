import { equal, integer, object } from "../check.ts";
import type { Handler } from "../runner.ts";
import { memoryChain, playSteps, realProofOfWork, unminedWork } from "./chain-driver.ts";
import { feedChain } from "./chain-solonet.ts";

/** A mined branch that overtakes the recorded chain. */
export const chainSolonetFork: Handler = async (file, context) => {
  // The base chain's work is the matter of its own file; the branch's is checked here.
  let isBase = true;
  const [real, unmined] = [realProofOfWork(), unminedWork()];
  const chain = await memoryChain({
    ...real,
    verifySeal: (candidate) => (isBase ? unmined : real).verifySeal(candidate),
  });
  await feedChain(chain, context.load("chain_solonet.json"));
  isBase = false;
  const { steps, fork_height } = object(file, "file");
  let common = chain.tip;
  await playSteps(chain, steps, context);
  while (common.parent !== undefined && !chain.isOnBestChain(common)) common = common.parent;
  if (fork_height !== undefined)
    await context.check("fork_height", () =>
      equal(common.height, integer(fork_height, "fork_height"), "fork_height"),
    );
};
