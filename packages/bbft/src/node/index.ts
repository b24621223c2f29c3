export { systemClock } from "./clock.ts";
export { createNodeEd25519 } from "./ed25519.ts";
export { openFileWal } from "./file-wal.ts";
export { connectApplication, type RemoteApplication } from "./remote-application/client.ts";
export { serveApplication } from "./remote-application/server.ts";
export { type ContextOf, decisionFromJson, decisionToJson } from "./remote-application/values.ts";
export { listenTcp, type TcpOptions, type TcpPeer, type TcpTransport } from "./tcp/transport.ts";
