/**
 * What runs on a worker's thread, in Node and in browsers. Bundled into `worker.generated.ts`, and
 * published by itself for pages that may not start a worker from a string.
 */
import type { WorkerReply, WorkerRequest } from "./messages.ts";
import { createWorkerHandler } from "./serve.ts";

interface NodePort {
  on(event: "message", listener: (request: WorkerRequest) => void): void;
  postMessage(reply: WorkerReply): void;
}
interface WorkerScope {
  readonly process?: {
    getBuiltinModule?(
      name: "node:worker_threads",
    ): { readonly parentPort: NodePort | null } | undefined;
  };
  onmessage?: (event: { readonly data: WorkerRequest }) => void;
  postMessage?(reply: WorkerReply): void;
}

const scope = globalThis as unknown as WorkerScope;
const handle = createWorkerHandler();
const parentPort = scope.process?.getBuiltinModule?.("node:worker_threads")?.parentPort;

const answer = (request: WorkerRequest, post: (reply: WorkerReply) => void) => {
  const reply = handle(request);
  if (reply !== undefined) post(reply);
};
if (parentPort)
  parentPort.on("message", (request) => answer(request, (reply) => parentPort.postMessage(reply)));
else scope.onmessage = ({ data }) => answer(data, (reply) => scope.postMessage?.(reply));
