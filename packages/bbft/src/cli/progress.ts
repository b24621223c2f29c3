/// <reference types="node" />
/** One line on standard error that says how far a long run is; only where a person looks at it. */
export interface Progress {
  show(text: string): void;
  /** Takes the line away. */
  end(): void;
}

/** Lines a second are enough. */
const MIN_MS = 200;

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { show() {}, end() {} };
  let last = 0;
  return {
    show(text) {
      const now = Date.now();
      if (now - last < MIN_MS) return;
      last = now;
      stream.write(`\r\u001b[K${text}`);
    },
    end() {
      stream.write("\r\u001b[K");
    },
  };
}
