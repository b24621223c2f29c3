import { keyOf } from "../../bytes.ts";
import type { Application } from "../../host/interfaces.ts";
import { CALLS, type Call, type Method, type Params, type Result } from "./calls.ts";
import { fields, type JsonObject } from "./json.ts";
import { connectRpc, type RpcClient } from "./rpc-client.ts";
import type { ContextOf } from "./values.ts";

/** An application that lives elsewhere. */
export interface RemoteApplication extends Application {
  close(): Promise<void>;
}

/**
 * Connects to an application of another process.
 *
 * @param options.identify the block id function, which must be the same on both sides
 * @throws {@link BbftError} `remote` from every call once the connection is lost
 */
export async function connectApplication(options: {
  readonly host?: string | undefined;
  readonly port: number;
  readonly contextOf: ContextOf;
  identify(bytes: Uint8Array): Uint8Array;
}): Promise<RemoteApplication> {
  const { host = "127.0.0.1", port, contextOf, identify } = options;
  const rpc = await connectRpc(host, port);
  const ask = async <M extends Method>(method: M, ...params: Params<M>): Promise<Result<M>> => {
    const { paramsToJson, resultFromJson }: Call<M> = CALLS[method];
    return resultFromJson(await rpc.request(method, paramsToJson(...params)), contextOf);
  };
  const tell = (method: string, params: JsonObject): void => {
    rpc.request(method, params).catch((error: unknown) => rpc.lose(error));
  };
  const hasOffense = await isAbleToRecall(rpc);
  return {
    identify,
    state: () => ask("state"),
    validators: (epoch) => ask("validators", epoch),
    prepare: (place) => ask("prepare", place),
    validate: (...judged) => ask("validate", ...judged),
    commit: (...decided) => ask("commit", ...decided),
    load: (height) => ask("load", height),
    ...(hasOffense && { hasOffense: (offense) => ask("hasOffense", offense) }),
    onEvidence: (evidence, validator) => tell("evidence", { evidence: keyOf(evidence), validator }),
    onInvalidProposal: (proposal, leader) =>
      tell("invalidProposal", { proposal: keyOf(proposal), leader }),
    close: async () => rpc.lose(undefined),
  };
}

async function isAbleToRecall(rpc: RpcClient): Promise<boolean> {
  try {
    return fields(await rpc.request("abilities", {}))["hasOffense"] === true;
  } catch (error) {
    rpc.lose(error);
    throw error;
  }
}
