/// <reference types="node" />
import type { Server } from "node:net";

/**
 * Listens.
 *
 * @returns the port
 */
export async function listening(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  // Without file descriptors to spare nobody new gets in for a while; those inside stay.
  server.on("error", () => {});
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
