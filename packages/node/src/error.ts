/** Why the node cannot start or go on. */
export type NodeErrorCode =
  | "bad-option"
  | "bad-chain-file"
  | "bad-block"
  | "data-directory"
  | "data-directory-in-use"
  | "disk-full"
  | "port-in-use"
  | "cannot-listen"
  | "unexpected-tip"
  | "cannot-write";

/** A failure that a person can do something about: the message is one sentence that says what. */
export class NodeError extends Error {
  override readonly name = "NodeError";
  /** Machine-readable reason; part of the public contract. */
  readonly code: NodeErrorCode;

  constructor(code: NodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
