import { KECCAK_WASM } from "./keccak.generated.ts";
import type { Sha3Backend, Sha3Stream } from "./sha3-backend.ts";

/** What assembly/keccak.ts exports. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly state: { readonly value: number };
  readonly input: { readonly value: number };
  readonly capacity: { readonly value: number };
  absorb(blocks: number, fresh: boolean): void;
  finish(length: number, fresh: boolean): void;
}

declare const WebAssembly:
  | {
      Module: new (bytes: Uint8Array) => object;
      Instance: new (module: object) => { readonly exports: Kernel };
    }
  | undefined;
declare function atob(text: string): string;

const RATE = 136;
const DIGEST_LENGTH = 32;
const STATE_LENGTH = 200;

/**
 * SHA3-256 by our own WebAssembly kernel. The instance is kept, and the digest is the only thing
 * that a hash allocates.
 *
 * @returns undefined where WebAssembly is missing, or forbidden by a content security policy
 */
export function wasmSha3(): Sha3Backend | undefined {
  const kernel = instantiate();
  if (kernel === undefined) return undefined;
  const { buffer } = kernel.memory;
  const memory = new Uint8Array(buffer);
  const digest = new Uint8Array(buffer, kernel.state.value, DIGEST_LENGTH);
  const input = kernel.input.value;
  const capacity = kernel.capacity.value;

  const hashParts = (parts: readonly Uint8Array[]): Uint8Array => {
    let filled = 0;
    let fresh = true;
    for (const part of parts) {
      let rest = part;
      while (filled + rest.length > capacity) {
        const taken = capacity - filled;
        memory.set(rest.subarray(0, taken), input + filled);
        kernel.absorb(capacity / RATE, fresh);
        rest = rest.subarray(taken);
        filled = 0;
        fresh = false;
      }
      memory.set(rest, input + filled);
      filled += rest.length;
    }
    kernel.finish(filled, fresh);
    return new Uint8Array(digest);
  };

  /** A stream keeps its state outside of the kernel, which others use between two updates. */
  const createStream = (): Sha3Stream => {
    const shared = new Uint8Array(buffer, kernel.state.value, STATE_LENGTH);
    const state = new Uint8Array(STATE_LENGTH);
    const pending = new Uint8Array(capacity);
    let filled = 0;
    let fresh = true;
    const load = () => {
      memory.set(pending, input);
      if (!fresh) shared.set(state);
    };
    return {
      update(bytes) {
        let rest = bytes;
        while (filled + rest.length > capacity) {
          const taken = capacity - filled;
          pending.set(rest.subarray(0, taken), filled);
          load();
          kernel.absorb(capacity / RATE, fresh);
          state.set(shared);
          rest = rest.subarray(taken);
          filled = 0;
          fresh = false;
        }
        pending.set(rest, filled);
        filled += rest.length;
      },
      digest() {
        load();
        kernel.finish(filled, fresh);
        return new Uint8Array(digest);
      },
    };
  };

  return {
    name: "wasm",
    hash(bytes) {
      if (bytes.length > capacity) return hashParts([bytes]);
      memory.set(bytes, input);
      kernel.finish(bytes.length, true);
      return new Uint8Array(digest);
    },
    hashParts,
    createStream,
  };
}

function instantiate(): Kernel | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  try {
    const bytes = Uint8Array.from(atob(KECCAK_WASM), (character) => character.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  } catch {
    return undefined;
  }
}
