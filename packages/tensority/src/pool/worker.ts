/**
 * What runs on a worker's thread, in Node and in browsers: answers each message with one.
 * Bundled into `worker.generated.ts`, and published by itself for pages that may not start a worker
 * from a string.
 */
import type { WorkerReply, WorkerRequest } from "./messages.ts";
import { createService } from "./service.ts";

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
const service = createService();
const parentPort = scope.process?.getBuiltinModule?.("node:worker_threads")?.parentPort;

if (parentPort) parentPort.on("message", (request) => parentPort.postMessage(service(request)));
else scope.onmessage = ({ data }) => scope.postMessage?.(service(data));
