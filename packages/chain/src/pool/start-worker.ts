/**
 * Starts a worker of the platform: a worker thread in Node, a Web Worker elsewhere. The code comes
 * from a string, because a path to a worker file survives no bundler.
 */
import type {
  PortEvents,
  StartWorker,
  WorkerPort,
  WorkerReply,
  WorkerRequest,
} from "./messages.ts";
import { WORKER_CODE } from "./worker.generated.ts";

interface NodeWorker {
  on(event: "message", listener: (reply: WorkerReply) => void): void;
  on(event: "error", listener: (error: unknown) => void): void;
  on(event: "exit", listener: (code: number) => void): void;
  postMessage(request: WorkerRequest, transfer: readonly ArrayBuffer[]): void;
  terminate(): Promise<number>;
}
interface NodeThreads {
  Worker: new (code: string, options: { eval: boolean; name: string }) => NodeWorker;
}

/** The part of the platform's Web Worker that is used. */
export interface WebWorker {
  onmessage: ((event: { readonly data: WorkerReply }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  onmessageerror: ((event: unknown) => void) | null;
  postMessage(request: WorkerRequest, transfer: readonly ArrayBuffer[]): void;
  terminate(): void;
}

interface Platform {
  readonly process?: {
    getBuiltinModule?(name: "node:worker_threads"): NodeThreads | undefined;
  };
  Worker: new (url: string, options: { type: "module" | "classic"; name: string }) => WebWorker;
  Blob: new (parts: readonly string[], options: { type: string }) => object;
  URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void };
}
const NAME = "validator";

/** A worker thread or Web Worker that runs the embedded code. */
export const startPlatformWorker: StartWorker = (events) => {
  const { process, Blob, URL, Worker } = globalThis as unknown as Platform;
  const threads = process?.getBuiltinModule?.("node:worker_threads");
  if (threads !== undefined) return nodePort(threads, events);
  const url = URL.createObjectURL(new Blob([WORKER_CODE], { type: "text/javascript" }));
  const port = webPort(new Worker(url, { type: "classic", name: NAME }), events);
  return {
    post: port.post,
    close() {
      URL.revokeObjectURL(url);
      return port.close();
    },
  };
};

/** Workers that the caller makes; each must run the module `@bystack/chain/worker`. */
export function startWith(createWorker: () => WebWorker): StartWorker {
  return (events) => webPort(createWorker(), events);
}

function nodePort({ Worker }: NodeThreads, { onReply, onFailure }: PortEvents): WorkerPort {
  const worker = new Worker(WORKER_CODE, { eval: true, name: NAME });
  worker.on("message", onReply);
  worker.on("error", onFailure);
  worker.on("exit", onFailure);
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    async close() {
      await worker.terminate();
    },
  };
}

function webPort(worker: WebWorker, { onReply, onFailure }: PortEvents): WorkerPort {
  worker.onmessage = ({ data }) => onReply(data);
  worker.onerror = ({ message }) => onFailure(new Error(message ?? "the worker cannot run"));
  worker.onmessageerror = onFailure;
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    close: () => worker.terminate(),
  };
}
