import { CryptoError, useSignatureBackend } from "@bystack/crypto";
import { loadSodiumNative } from "@bystack/crypto/sodium-native";
import type { WorkerReply, WorkerRequest } from "./messages.ts";
import { createService, type Service } from "./service.ts";

/** What a worker does with each message: nothing to answer to `start`, one answer to each job. */
export function createWorkerHandler(): (request: WorkerRequest) => WorkerReply | undefined {
  let service: Service | undefined;
  return (request) => {
    if (request.type === "start") {
      chooseSignatureBackend(request.signatureLibrary);
      service = createService(request.rules);
      return undefined;
    }
    const { id, buffer, offset, length } = request;
    const bytes = new Uint8Array(buffer, offset, length);
    try {
      if (service === undefined) throw new Error("the worker was not started");
      // Decoders copy what they keep: shared bytes may be written anew as soon as the answer is out.
      const result =
        request.type === "judge" ? service.judge(bytes) : service.judgeBlock(bytes, request);
      return { id, result };
    } catch (error) {
      return { id, error: error instanceof Error ? error.message : String(error) };
    }
  };
}

/** The same as the pool's thread has; where that cannot be loaded, the best that is here. */
function chooseSignatureBackend(library: string | undefined): void {
  if (library === undefined) return;
  try {
    useSignatureBackend(loadSodiumNative(library));
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
  }
}
