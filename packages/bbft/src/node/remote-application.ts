/// <reference types="node" />
/**
 * The application in another process: JSON-RPC 2.0 in length-prefixed frames over a stream. Bytes
 * are hex, 64-bit integers decimal strings.
 *
 * @see spec 90-bbft, section 16 item 3
 */
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { hexToBytes } from "@noble/hashes/utils.js";
import { keyOf } from "../bytes.ts";
import { type CommitProof, decodeCommitProof, encodeCommitProof } from "../certificate.ts";
import type { NextEpoch } from "../core/epochs.ts";
import type { Decision } from "../core/events.ts";
import type { DecodeContext } from "../core/message.ts";
import { BbftError } from "../error.ts";
import type { Application, ApplicationState } from "../host/interfaces.ts";
import { encodeParameters, readParameters } from "../parameters.ts";
import type { ValidatorSet } from "../validator-set.ts";
import { frameOf, readFrames } from "./frames.ts";

const MAX_FRAME = 40 * 1024 * 1024;

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Fields = { readonly [key: string]: unknown };

/** Reads certificates against the set of their epoch. */
export type ContextOf = (epoch: bigint) => DecodeContext | undefined;

function fields(value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new BbftError("remote");
}
function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new BbftError("remote");
}
function bytes(value: unknown): Uint8Array {
  try {
    return hexToBytes(text(value));
  } catch (cause) {
    throw new BbftError("remote", {}, { cause });
  }
}
function integer(value: unknown): bigint {
  const digits = text(value);
  if (!/^\d{1,20}$/.test(digits)) throw new BbftError("remote");
  return BigInt(digits);
}
function count(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new BbftError("remote");
}

const setToJson = ({ epoch, scheme, validators }: ValidatorSet): Json => ({
  epoch: `${epoch}`,
  scheme,
  validators: validators.map(({ power, stake, voteKey, idKey }) => ({
    power: `${power}`,
    stake: `${stake}`,
    voteKey: keyOf(voteKey),
    idKey: keyOf(idKey),
  })),
});

function setFromJson(value: unknown): ValidatorSet {
  const { epoch, scheme, validators } = fields(value);
  if (!Array.isArray(validators)) throw new BbftError("remote");
  return {
    epoch: integer(epoch),
    scheme: count(scheme),
    validators: validators.map((entry: unknown) => {
      const one = fields(entry);
      return {
        power: integer(one["power"]),
        stake: integer(one["stake"]),
        voteKey: bytes(one["voteKey"]),
        idKey: bytes(one["idKey"]),
      };
    }),
  };
}

const nextToJson = (next: ValidatorSet | undefined): Json =>
  next === undefined ? null : setToJson(next);
const nextFromJson = (value: unknown): ValidatorSet | undefined =>
  value === null ? undefined : setFromJson(value);

function nextEpochToJson({ nextValidators, nextParameters }: NextEpoch): { [key: string]: Json } {
  return {
    nextValidators: nextToJson(nextValidators),
    nextParameters: nextParameters === undefined ? null : keyOf(encodeParameters(nextParameters)),
  };
}
/** An application of before may leave the parameters out. */
function nextEpochFromJson({ nextValidators, nextParameters = null }: Fields): NextEpoch {
  return {
    nextValidators: nextFromJson(nextValidators),
    nextParameters: nextParameters === null ? undefined : readParameters(bytes(nextParameters)),
  };
}

function proofToJson(proof: CommitProof): Json {
  return { epoch: `${proof.certificate.epoch}`, bytes: keyOf(encodeCommitProof(proof)) };
}
function proofFromJson(value: unknown, contextOf: ContextOf): CommitProof {
  const { epoch, bytes: encoded } = fields(value);
  const context = contextOf(integer(epoch));
  if (context === undefined) throw new BbftError("valset");
  return decodeCommitProof(bytes(encoded), context.electorate, context.scheme);
}

/** A decision as JSON; what a host may store or send. */
export function decisionToJson({ height, view, proof, body }: Decision): Json {
  return {
    height: `${height}`,
    view,
    proof: proofToJson(proof),
    appBlockId: keyOf(body.appBlockId),
    engineData: keyOf(body.engineData),
    appBlock: keyOf(body.appBlock),
  };
}

/** @throws {@link BbftError} `remote` when it is no decision, and those of `decodeCommitProof` */
export function decisionFromJson(value: unknown, contextOf: ContextOf): Decision {
  const one = fields(value);
  return {
    height: integer(one["height"]),
    view: count(one["view"]),
    proof: proofFromJson(one["proof"], contextOf),
    body: {
      appBlockId: bytes(one["appBlockId"]),
      engineData: bytes(one["engineData"]),
      appBlock: bytes(one["appBlock"]),
    },
  };
}

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
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    readFrames(
      socket,
      MAX_FRAME,
      (frame) => {
        answer(application, options.contextOf, frame).then(
          (reply) => void socket.write(frameOf(new TextEncoder().encode(JSON.stringify(reply)))),
          () => socket.destroy(),
        );
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host ?? "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
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
  const request = fields(JSON.parse(new TextDecoder().decode(frame)));
  const id = count(request["id"]);
  try {
    const result = await call(
      application,
      contextOf,
      text(request["method"]),
      fields(request["params"]),
    );
    return { jsonrpc: "2.0", id, result };
  } catch (error) {
    const message = error instanceof Error ? error.message : "failed";
    return { jsonrpc: "2.0", id, error: { code: -32000, message } };
  }
}

async function call(
  application: Application,
  contextOf: ContextOf,
  method: string,
  params: Fields,
): Promise<Json> {
  const place = () => ({
    height: integer(params["height"]),
    view: count(params["view"]),
    lastAppBlockId: bytes(params["lastAppBlockId"]),
  });
  switch (method) {
    case "state": {
      const { height, appBlockId, proof } = await application.state();
      return {
        height: `${height}`,
        appBlockId: keyOf(appBlockId),
        proof: proof === undefined ? null : proofToJson(proof),
      };
    }
    case "validators":
      return setToJson(await application.validators(integer(params["epoch"])));
    case "prepare": {
      const made = await application.prepare({
        ...place(),
        maxBytes: count(params["maxBytes"]),
        nowMs: count(params["nowMs"]),
      });
      return {
        id: keyOf(made.id),
        bytes: keyOf(made.bytes),
        ...nextEpochToJson(made),
      };
    }
    case "validate": {
      const block = { id: bytes(params["id"]), bytes: bytes(params["bytes"]) };
      const verdict = await application.validate(place(), block, params["isReproposed"] === true);
      return {
        isAccepted: verdict.isAccepted,
        ...nextEpochToJson(verdict),
      };
    }
    case "commit": {
      const { nextValidators } = await application.commit(
        decisionFromJson(params["decision"], contextOf),
      );
      return { nextValidators: nextToJson(nextValidators) };
    }
    case "load": {
      const decision = await application.load(integer(params["height"]));
      return decision === undefined ? null : decisionToJson(decision);
    }
    case "evidence":
      application.onEvidence(bytes(params["evidence"]), count(params["validator"]));
      return null;
    default:
      throw new BbftError("remote");
  }
}

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
  const { contextOf } = options;
  const socket = createConnection({ host: options.host ?? "127.0.0.1", port: options.port });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let nextId = 0;
  let lost: BbftError | undefined;
  const lose = (cause: unknown): void => {
    lost ??= new BbftError("remote", {}, { cause });
    for (const { reject } of waiting.values()) reject(lost);
    waiting.clear();
    socket.destroy();
  };
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (cause) => reject(new BbftError("remote", {}, { cause })));
  });
  socket.on("error", lose);
  socket.on("close", () => lose(undefined));
  readFrames(
    socket,
    MAX_FRAME,
    (frame) => {
      try {
        const reply = fields(JSON.parse(new TextDecoder().decode(frame)));
        const id = count(reply["id"]);
        const call = waiting.get(id);
        waiting.delete(id);
        if ("error" in reply) call?.reject(new BbftError("remote", {}, { cause: reply["error"] }));
        else call?.resolve(reply["result"]);
      } catch (error) {
        lose(error);
      }
    },
    () => lose(undefined),
  );
  const request = (method: string, params: { [key: string]: Json }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (lost !== undefined) {
        reject(lost);
        return;
      }
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      const body = JSON.stringify({ jsonrpc: "2.0", id, method, params });
      socket.write(frameOf(new TextEncoder().encode(body)));
    });

  return {
    identify: options.identify,
    async state(): Promise<ApplicationState> {
      const { height, appBlockId, proof } = fields(await request("state", {}));
      return {
        height: integer(height),
        appBlockId: bytes(appBlockId),
        proof: proof === null ? undefined : proofFromJson(proof, contextOf),
      };
    },
    validators: async (epoch) => setFromJson(await request("validators", { epoch: `${epoch}` })),
    async prepare({ height, view, lastAppBlockId, maxBytes, nowMs }) {
      const place = { height: `${height}`, view, lastAppBlockId: keyOf(lastAppBlockId) };
      const made = fields(await request("prepare", { ...place, maxBytes, nowMs }));
      return {
        id: bytes(made["id"]),
        bytes: bytes(made["bytes"]),
        ...nextEpochFromJson(made),
      };
    },
    async validate({ height, view, lastAppBlockId }, block, isReproposed) {
      const place = { height: `${height}`, view, lastAppBlockId: keyOf(lastAppBlockId) };
      const content = { id: keyOf(block.id), bytes: keyOf(block.bytes), isReproposed };
      const verdict = fields(await request("validate", { ...place, ...content }));
      return {
        isAccepted: verdict["isAccepted"] === true,
        ...nextEpochFromJson(verdict),
      };
    },
    async commit(decision) {
      const result = fields(await request("commit", { decision: decisionToJson(decision) }));
      return { nextValidators: nextFromJson(result["nextValidators"]) };
    },
    async load(height) {
      const found = await request("load", { height: `${height}` });
      return found === null ? undefined : decisionFromJson(found, contextOf);
    },
    onEvidence(evidence, validator) {
      request("evidence", { evidence: keyOf(evidence), validator }).catch(lose);
    },
    close: async () => lose(undefined),
  };
}
