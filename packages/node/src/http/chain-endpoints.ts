import { type Block, blockHash, formatBlockHeader, toHex, workFromBits } from "@bystack/butxo";
import type { Chain, ChainBlock } from "@bystack/chain";
import { z } from "zod";
import { proofOfWork } from "../proof-of-work.ts";
import { type AddressOf, annotateBlock } from "./annotate.ts";
import { success } from "./answer.ts";
import { ApiError } from "./error.ts";
import { hexBytes, uint64 } from "./request.ts";
import { type Endpoint, endpoint, endpointWith } from "./server.ts";

const blockRequest = z.object({ block_height: uint64, block_hash: hexBytes });

/**
 * What the API tells about blocks.
 *
 * @see spec 60-api, section 3.5 "Blocks, network, mining"
 */
export function chainEndpoints(chain: Chain, addressOf: AddressOf): Endpoint[] {
  const select = (request: z.output<typeof blockRequest>) => selectBlock(chain, request);
  return [
    endpoint("/get-block-count", async () => success({ block_count: chain.tip.height })),
    endpoint("/get-block-hash", async () => success({ block_hash: toHex(chain.tip.hash) })),
    endpointWith("/get-block", blockRequest, async (request) => {
      const { block, statusFailed } = await select(request);
      return success(annotateBlock(block, statusFailed, addressOf));
    }),
    endpointWith("/get-block-header", blockRequest, async (request) => {
      const { block } = await select(request);
      return success({ block_header: formatBlockHeader(block.header), reward: rewardOf(block) });
    }),
    endpointWith("/get-difficulty", blockRequest, async (request) => {
      const { block } = await select(request);
      const { bits } = proofOfWork(block.header);
      return success({
        hash: toHex(blockHash(block.header)),
        height: block.header.height,
        bits,
        difficulty: workFromBits(bits).toString(),
      });
    }),
  ];
}

/** A 32-byte hash wins; with any other length the height counts. */
async function selectBlock(
  chain: Chain,
  { block_hash: hash, block_height: height }: z.output<typeof blockRequest>,
): Promise<ChainBlock> {
  if (hash.length === 32) {
    const found = await chain.block(hash);
    if (found !== undefined) return found;
    throw new ApiError("BTM000", `There are no block with given hash ${toHex(hash)}`);
  }
  const node = chain.nodeAt(height);
  const found = node && (await chain.block(node.hash));
  if (found !== undefined) return found;
  throw new ApiError("BTM000", "can't find block in given height");
}

/** The amount of the first output of the first transaction. */
function rewardOf(block: Block): bigint {
  const [output] = block.transactions[0]?.outputs ?? [];
  return output === undefined || output.type === "unknown" ? 0n : output.amount;
}
