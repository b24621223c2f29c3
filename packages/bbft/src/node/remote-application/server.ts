/// <reference types="node" />
import { createServer, type Socket } from "node:net";
import type { Application } from "../../host/interfaces.ts";
import { readFrames } from "../frames.ts";
import { listening } from "../listening.ts";
import { callByName } from "./calls.ts";
import { count, fields, type Json, text } from "./json.ts";
import { jsonFrame, MAX_FRAME, readJsonFrame } from "./json-frames.ts";
import type { ContextOf } from "./values.ts";

/** Offers an application to one consensus process after another. */
export async function serveApplication(
  application: Application,
  options: {
    readonly host?: string | undefined;
    readonly port: number;
    readonly contextOf: ContextOf;
  },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    readFrames(
      socket,
      () => MAX_FRAME,
      (frame) => {
        answer(application, options.contextOf, frame).then(
          (reply) => void socket.write(jsonFrame(reply)),
          () => socket.destroy(),
        );
      },
      () => socket.destroy(),
    );
  });
  const port = await listening(server, options.port, options.host ?? "127.0.0.1");
  return {
    port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  application: Application,
  contextOf: ContextOf,
  frame: Uint8Array,
): Promise<Json> {
  const request = readJsonFrame(frame);
  const id = count(request["id"]);
  try {
    const [method, params] = [text(request["method"]), fields(request["params"])];
    return { jsonrpc: "2.0", id, result: await callByName(application, method, params, contextOf) };
  } catch (error) {
    const message = error instanceof Error ? error.message : "failed";
    return { jsonrpc: "2.0", id, error: { code: -32000, message } };
  }
}
