import { gzipSync } from "node:zlib";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { type Answer, failure, transportFailure } from "./answer.ts";
import { ApiError } from "./error.ts";
import { type RequestShape, readRequest } from "./request.ts";

/** One path of the API. */
export interface Endpoint {
  readonly path: string;
  /** Reads the body, if it wants to, and answers; throws {@link ApiError}. */
  answer(readBody: () => Promise<string>): Promise<Answer>;
}

/** An endpoint without parameters: it does not read the body at all. */
export function endpoint(path: string, handle: () => Promise<Answer>): Endpoint {
  return { path, answer: () => asHandler(handle) };
}

/** An endpoint whose body is decoded by `shape` first. */
export function endpointWith<Shape extends RequestShape>(
  path: string,
  shape: Shape,
  handle: (request: ReturnType<typeof readRequest<Shape>>) => Promise<Answer>,
): Endpoint {
  return {
    path,
    async answer(readBody) {
      const request = readRequest(await readBody(), shape);
      return asHandler(() => handle(request));
    },
  };
}

async function asHandler(handle: () => Promise<Answer>): Promise<Answer> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof ApiError) return failure(error);
    throw error;
  }
}

const HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "X-XSS-Protection": "1",
  Vary: "Accept-Encoding",
  "Content-Type": "application/json; charset=utf-8",
};

/** The longest request body, bytes. A block in hex fits several times over. */
const MAX_BODY = 16 * 1024 * 1024;

/**
 * The HTTP server of the reference's API: any method, exact paths, JSON whatever the content type.
 * Access tokens do not exist yet, so only loopback clients are served.
 *
 * @see spec 60-api, section 1 "Transport"
 */
export function createApiServer(endpoints: readonly Endpoint[], logger: Logger): FastifyInstance {
  const byPath = new Map(endpoints.map((entry) => [entry.path, entry]));
  const server = fastify({ requestTimeout: 120_000, forceCloseConnections: true });
  // Answered before the framework looks at method, content type and body: the reference does not.
  server.addHook("onRequest", async (request, reply) => {
    const [path = ""] = request.url.split("?");
    const { pathname } = new URL(path.replace(/^\/+/, "/"), "http://localhost");
    if (pathname !== path) return reply.redirect(pathname, 301);
    return send(request, reply, await serve(byPath, path, request, logger));
  });
  return server;
}

async function serve(
  endpoints: ReadonlyMap<string, Endpoint>,
  path: string,
  request: FastifyRequest,
  logger: Logger,
): Promise<Answer> {
  try {
    if (!isLoopback(request.ip)) throw new ApiError("BTM860", "no token");
    const found = endpoints.get(path);
    if (found === undefined) throw new ApiError("BTM000", "not Found");
    return await found.answer(() => readBody(request));
  } catch (error) {
    if (error instanceof ApiError) return transportFailure(error);
    logger.error({ err: error, path }, "request failed");
    return transportFailure(new ApiError("BTM000", "internal error"));
  }
}

async function readBody({ raw }: FastifyRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of raw) {
    length += chunk.length;
    if (length > MAX_BODY) throw new ApiError("BTM002", `the body is above ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body }: Answer,
): FastifyReply {
  reply.code(status).headers(HEADERS);
  if (!acceptsGzip(request)) return reply.send(body);
  return reply.header("Content-Encoding", "gzip").send(gzipSync(body));
}

function acceptsGzip(request: FastifyRequest): boolean {
  return request.headers["accept-encoding"]?.includes("gzip") ?? false;
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^(?:::ffff:)?127\./.test(address);
}
