import { sameBytes } from "../bytes.ts";
import type { BbftCore } from "../core/core.ts";
import { encodeLatencyReport, latencyBytes, reportHeight } from "../core/latency-report.ts";
import { oneWayFromRoundTrip } from "../topology/latency.ts";
import { epochOf } from "../validator-set.ts";
import type { Signer, Transport } from "./interfaces.ts";

/**
 * What the transport measured, as a signed report: once an epoch, at a height drawn for this
 * validator.
 *
 * @returns undefined at every other height
 * @see spec 90-bbft, section 11.1 "Measuring"
 */
export async function measureLatency(
  options: {
    readonly chainId: Uint8Array;
    readonly idKey: Uint8Array;
    readonly epochLength: number;
  },
  core: BbftCore,
  height: bigint,
  modules: { readonly transport: Transport; readonly signer: Pick<Signer, "identitySign"> },
): Promise<Uint8Array | undefined> {
  const { chainId, idKey, epochLength } = options;
  const epoch = epochOf(height, epochLength);
  const context = core.contextOf(epoch);
  const index = context === undefined ? -1 : core.indexIn(context);
  if (context === undefined || index < 0) return undefined;
  if (height !== reportHeight(chainId, epoch, index, epochLength)) return undefined;
  const entries = context.electorate.set.validators
    .filter((validator) => !sameBytes(validator.idKey, idKey))
    .flatMap((validator) => {
      const rtt = modules.transport.rtt(validator.idKey);
      return rtt === undefined ? [] : [{ idKey: validator.idKey, value: oneWayFromRoundTrip(rtt) }];
    });
  const report = { epoch, idKey, entries };
  const signature = await modules.signer.identitySign(latencyBytes(chainId, report));
  return encodeLatencyReport({ ...report, signature });
}
