import { availableParallelism } from "node:os";
import { type BytomNetwork, programAddress } from "@bystack/butxo";
import { type Chain, createMempool, openChain, proofOfWorkEngine } from "@bystack/chain";
import { createValidatorPool, type ValidatorPool } from "@bystack/chain/pool";
import { createTensorityPool, type Miner } from "@bystack/tensority/pool";
import { enableRelaxedSimd } from "@bystack/tensority/relaxed";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { chainDirectory, explainStorage, openChainStorage } from "./data-directory.ts";
import { NodeError } from "./error.ts";
import { chainEndpoints } from "./http/chain-endpoints.ts";
import { networkEndpoints } from "./http/network-endpoints.ts";
import { createApiServer } from "./http/server.ts";
import { createNodeMiner, type MiningOptions, type MiningParts } from "./mining.ts";
import { chooseSignatureBackend, type SignatureLibrary } from "./signature-backend.ts";
import { VERSION } from "./version.ts";

/** What a node is started with. */
export interface NodeOptions {
  readonly network: BytomNetwork;
  /** Folder of all data; each network has its own below it. */
  readonly home: string;
  /** Threads for proof of work and as many for scripts; 0 uses this one. One a core when left out. */
  readonly workers?: number | undefined;
  /** What checks signatures, in this thread and its workers; `auto` when left out. */
  readonly signatures?: SignatureLibrary | undefined;
  readonly logger: Logger;
}

/** A chain on disk, ready to take blocks and to answer questions. */
export interface Node {
  readonly chain: Chain;
  /**
   * Serves the HTTP API.
   *
   * @param port 0 takes any free one
   * @returns the address, for example `http://127.0.0.1:9888`
   * @throws {@link NodeError} `port-in-use` | `cannot-listen`
   */
  listen(host: string, port: number): Promise<string>;
  /** A miner on top of the tip; it stands still until it is started. */
  createMiner(options: MiningOptions): Miner;
  /** Stops serving, finishes the block in work, closes the store. */
  close(): Promise<void>;
}

/**
 * Puts a node together: storage, proof-of-work pool, chain, HTTP API.
 *
 * @throws {@link NodeError} when the data directory cannot be used; `bad-option`
 *
 * @example
 * const node = await createNode({ network: bytomSolonet, home: ".bystack", logger: pino() });
 * await node.listen("127.0.0.1", 9888);
 */
export async function createNode(options: NodeOptions): Promise<Node> {
  const { network, home, logger } = options;
  const signatures = chooseSignatureBackend(options.signatures ?? "auto");
  logger.info({ signatures }, "chose the library for signatures");
  const storage = await openChainStorage(home, network.chainId);
  enableRelaxedSimd();
  const size = options.workers ?? availableParallelism();
  const pool = createTensorityPool({ size });
  const judge = createValidatorPool({ params: network, size, logger });
  try {
    const engine = proofOfWorkEngine({ verifyWork: (claim) => pool.verify(claim) });
    const chain = await openChain({
      params: network,
      engine,
      storage,
      clock: Date,
      judge,
      logger,
    });
    const mempool = createMempool({ chain, clock: Date, logger });
    return assemble({ network, chain, engine, mempool, pool, judge, logger });
  } catch (error) {
    await Promise.all([pool.close(), judge.close(), storage.close()]);
    throw explainStorage(error, chainDirectory(home, network.chainId));
  }
}

/** How often blocks and transactions that wait for others are looked through. */
const SWEEP_MS = 3 * 60 * 1000;

interface Parts extends MiningParts {
  readonly network: BytomNetwork;
  readonly judge: ValidatorPool;
}

function assemble(parts: Parts): Node {
  const { network, chain, mempool, pool, judge, logger } = parts;
  let server: FastifyInstance | undefined;
  const sweeping = setInterval(() => {
    chain.sweep();
    mempool.sweep();
  }, SWEEP_MS);
  sweeping.unref();
  return {
    chain,
    async listen(host, port) {
      const addressOf = (program: Uint8Array) => programAddress(program, network.addressPrefix);
      server = createApiServer(
        [
          ...chainEndpoints(chain, addressOf),
          ...networkEndpoints(chain, { networkId: network.chainId, version: VERSION }),
        ],
        logger,
      );
      try {
        return await server.listen({ host, port });
      } catch (error) {
        throw explainListen(error, host, port);
      }
    },
    createMiner: (mining) => createNodeMiner(parts, mining),
    async close() {
      await server?.close();
      clearInterval(sweeping);
      mempool.close();
      await chain.close();
      await Promise.all([pool.close(), judge.close()]);
    },
  };
}

/** A failure to listen as a sentence for people. */
export function explainListen(error: unknown, host: string, port: number): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  if (error.code === "EADDRINUSE")
    return new NodeError(
      "port-in-use",
      `Port ${port} on ${host} is in use: stop the program that has it, or choose another --api-port.`,
      { cause: error },
    );
  return new NodeError("cannot-listen", `Cannot listen on ${host}:${port}: ${error.message}.`, {
    cause: error,
  });
}
