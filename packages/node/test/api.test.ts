import { bytomSolonet, programAddress } from "@bystack/butxo";
import type { Chain } from "@bystack/chain";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chainEndpoints } from "../src/http/chain-endpoints.ts";
import { type JsonValue, readJson } from "../src/http/json-reader.ts";
import { networkEndpoints } from "../src/http/network-endpoints.ts";
import { createApiServer, type Endpoint } from "../src/http/server.ts";
import { feed, memoryChain } from "./memory-chain.ts";
import recorded from "./vectors/recorded-answers.json" with { type: "json" };

interface Exchange {
  readonly session: string;
  /** Blocks of the session processed before. */
  readonly blocks: number;
  readonly method: string;
  readonly path: string;
  readonly request?: unknown;
  readonly requestText?: string;
  readonly requestHeaders?: Record<string, string>;
  readonly status: number;
  readonly contentType?: string;
  readonly responseHeaders?: Record<string, string | null>;
  readonly bodyText?: string;
  readonly response?: unknown;
  readonly volatileFields?: readonly string[];
}

const exchanges = recorded.exchanges as readonly Exchange[];
const logger = pino({ level: "silent" });

let chain: Chain;
let server: FastifyInstance;
let url: string;

beforeAll(async () => {
  chain = await memoryChain();
  const addressOf = (program: Uint8Array) => programAddress(program, bytomSolonet.addressPrefix);
  const broken: Endpoint = {
    path: "/broken",
    answer: () => Promise.reject(new Error("a defect with a secret in its message")),
  };
  server = createApiServer(
    [
      ...chainEndpoints(chain, addressOf),
      ...networkEndpoints(chain, { networkId: "solonet", version: "0.0.0" }),
      broken,
    ],
    logger,
  );
  url = await server.listen({ host: "127.0.0.1", port: 0 });
});

afterAll(async () => {
  await server.close();
  await chain.close();
});

describe("answers as the original node gave them", () => {
  for (const [i, exchange] of exchanges.entries()) {
    const { session, blocks, method, path } = exchange;
    it(`${i}: ${session} after ${blocks} blocks, ${method} ${path}`, async () => {
      while (chain.tip.height < blocks)
        await feed(chain, recorded.rawBlocks[Number(chain.tip.height)] ?? "");
      await replay(exchange);
    });
  }
});

async function replay(exchange: Exchange): Promise<void> {
  const { method, path, request, requestText, requestHeaders } = exchange;
  const body = requestText ?? (request === undefined ? undefined : JSON.stringify(request));
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: "manual",
    ...(body === undefined || method === "GET" || method === "HEAD" ? {} : { body }),
    headers: { ...requestHeaders, "accept-encoding": "identity" },
  });
  expect(response.status).toBe(exchange.status);
  if (exchange.contentType !== undefined && exchange.status !== 301)
    expect(response.headers.get("content-type")).toBe(exchange.contentType);
  for (const [name, value] of Object.entries(exchange.responseHeaders ?? {}))
    expect(response.headers.get(name)).toBe(value);
  const text = await response.text();
  if (exchange.bodyText !== undefined) expect(text).toBe(exchange.bodyText);
  else if (exchange.response !== undefined)
    expect(withoutVolatile(readJson(text), exchange)).toEqual(
      withoutVolatile(readJson(JSON.stringify(exchange.response)), exchange),
    );
}

/** Drops what the recording calls volatile, and `listening`: this node has no peers to listen for. */
function withoutVolatile(value: JsonValue, { path, volatileFields = [] }: Exchange): unknown {
  const copy = JSON.parse(JSON.stringify(value));
  for (const pointer of volatileFields) drop(copy, pointer.split("/").slice(1));
  if (path === "/net-info") drop(copy, ["data", "listening"]);
  return copy;
}

function drop(value: Record<string, never>, [name = "", ...rest]: readonly string[]): void {
  expect(value).toHaveProperty(name);
  if (rest.length > 0) drop(value[name] ?? {}, rest);
  else delete value[name];
}

describe("transport", () => {
  const ask = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init);

  it("answers an unknown path with BTM000", async () => {
    const response = await ask("/no-such-path");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      code: "BTM000",
      msg: "Bytom API Error",
      status: "fail",
      detail: "not Found",
      temporary: true,
    });
  });

  it("ignores the query and any content type", async () => {
    const response = await ask("/get-block-header?x=1", {
      method: "POST",
      headers: { "content-type": "weird" },
      body: '{"block_height": 0} rest',
    });
    expect(await response.json()).toMatchObject({ status: "success" });
  });

  it("compresses for clients that take gzip", async () => {
    const response = await ask("/get-block-count", { headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(await response.json()).toMatchObject({ status: "success" });
  });

  it("refuses a body above 16 MiB and stays alive", async () => {
    const body = "x".repeat(16 * 1024 * 1024 + 1);
    const status = await ask("/get-block", { method: "POST", body }).then(
      (response) => response.status,
      () => "dropped",
    );
    expect([400, "dropped"]).toContain(status);
    expect((await ask("/get-block-count")).status).toBe(200);
  });

  it("does not tell a client what went wrong inside", async () => {
    const response = await ask("/broken");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
  });
});
