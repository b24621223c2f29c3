/// <reference types="node" />
import { Agent, request } from "node:http";

/** Longest answer, bytes: a decision as JSON, with room to spare. */
const MAX_ANSWER = 40 * 1024 * 1024;

const agent = /* @__PURE__ */ new Agent({ keepAlive: true, maxSockets: 2 });

/**
 * Asks another process of the example on this machine; connections are kept.
 *
 * @param body sent with POST; without it the request is a GET
 * @returns the body of an answer of success; undefined for every other answer and for none
 */
export function ask(
  port: number,
  path: string,
  timeoutMs: number,
  body?: string,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const method = body === undefined ? "GET" : "POST";
    const signal = AbortSignal.timeout(timeoutMs);
    const asked = request({ host: "127.0.0.1", port, path, method, agent, signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MAX_ANSWER) response.destroy(new Error("too long"));
      });
      response.on("error", () => resolve(undefined));
      response.on("end", () => {
        const { statusCode = 0 } = response;
        const isOk = statusCode >= 200 && statusCode < 300;
        resolve(isOk ? Buffer.concat(chunks).toString("utf8") : undefined);
      });
    });
    asked.on("error", () => resolve(undefined));
    asked.end(body);
  });
}
