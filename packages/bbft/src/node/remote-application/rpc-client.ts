/// <reference types="node" />
/** The asking side of JSON-RPC 2.0 in length-prefixed frames. */
import { createConnection, type Socket } from "node:net";
import { BbftError } from "../../error.ts";
import { readFrames } from "../frames.ts";
import { count, type JsonObject } from "./json.ts";
import { jsonFrame, MAX_FRAME, readJsonFrame } from "./json-frames.ts";

/** Until the system begins to ask whether the other machine is still there, milliseconds. */
const KEEP_ALIVE_MS = 10_000;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class RpcClient {
  readonly #socket: Socket;
  readonly #waiting: Map<number, Waiting> = new Map();
  #nextId = 0;
  #lost: BbftError | undefined;

  /** @param socket connected */
  constructor(socket: Socket) {
    this.#socket = socket;
    const lose = (cause?: unknown): void => this.lose(cause);
    socket.on("error", lose);
    socket.on("close", () => lose());
    readFrames(
      socket,
      () => MAX_FRAME,
      (frame) => this.#onFrame(frame),
      lose,
    );
  }

  /** @throws {@link BbftError} `remote` when the other side fails, or is lost */
  request(method: string, params: JsonObject): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) {
        reject(this.#lost);
        return;
      }
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(jsonFrame({ jsonrpc: "2.0", id, method, params }));
    });
  }

  /** Ends the connection and every request that waits. */
  lose(cause: unknown): void {
    this.#lost ??= new BbftError("remote", {}, { cause });
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
    this.#waiting.clear();
    this.#socket.destroy();
  }

  #onFrame(frame: Uint8Array): void {
    try {
      const reply = readJsonFrame(frame);
      const id = count(reply["id"]);
      const call = this.#waiting.get(id);
      this.#waiting.delete(id);
      if ("error" in reply) call?.reject(new BbftError("remote", {}, { cause: reply["error"] }));
      else call?.resolve(reply["result"]);
    } catch (error) {
      this.lose(error);
    }
  }
}

/** @throws {@link BbftError} `remote` when nobody listens there */
export async function connectRpc(host: string, port: number): Promise<RpcClient> {
  const socket = createConnection({ host, port });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (cause) => reject(new BbftError("remote", {}, { cause })));
  });
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return new RpcClient(socket);
}
