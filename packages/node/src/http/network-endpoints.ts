import type { Chain } from "@bystack/chain";
import { success } from "./answer.ts";
import { type Endpoint, endpoint } from "./server.ts";

/** What `/net-info` cannot learn from the chain. */
export interface NetworkInfo {
  /** Chain id: `mainnet`, `wisdom`, `solonet`. */
  readonly networkId: string;
  /** Version of this software. */
  readonly version: string;
}

/**
 * What the API tells about the network. This node has no peers yet: it does not listen for them,
 * and the highest block it knows of is its own.
 *
 * @see spec 60-api, section 3.5
 */
export function networkEndpoints(chain: Chain, { networkId, version }: NetworkInfo): Endpoint[] {
  return [
    endpoint("/net-info", async () =>
      success({
        listening: false,
        syncing: false,
        mining: false,
        peer_count: 0,
        current_block: chain.tip.height,
        highest_block: chain.tip.height,
        network_id: networkId,
        version_info: { version, update: 0, new_version: version },
      }),
    ),
  ];
}
