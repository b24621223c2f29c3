export { systemClock } from "./clock.ts";
export { createNodeEd25519 } from "./ed25519.ts";
export { openFileWal } from "./file-wal.ts";
export {
  type ContextOf,
  connectApplication,
  decisionFromJson,
  decisionToJson,
  type RemoteApplication,
  serveApplication,
} from "./remote-application.ts";
export { listenTcp, type TcpOptions, type TcpPeer, type TcpTransport } from "./tcp-transport.ts";
