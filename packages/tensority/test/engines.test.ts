import { afterEach, describe, expect, it, vi } from "vitest";
import { createHasher, p1Kernel, packedKernel, type WasmKernelSource } from "../src/index.ts";
import { wasmKernel } from "../src/wasm-kernel.ts";
import { recorded } from "./vectors.ts";

const source: WasmKernelSource = p1Kernel.source ?? {
  name: "p1",
  wasm: "",
  isPortable: true,
  memoryBytes: 0,
};
const engine = WebAssembly;
afterEach(() => vi.unstubAllGlobals());

/** The engine with parts of it replaced. */
function change(parts: { readonly [name: string]: unknown }): void {
  const { validate, Module, Instance, Memory } = engine;
  vi.stubGlobal("WebAssembly", { validate, Module, Instance, Memory, ...parts });
}

class Forbidden {
  constructor() {
    throw new engine.CompileError("the policy forbids it");
  }
}

class Exhausted {
  constructor() {
    throw new RangeError("no memory");
  }
}

describe("a compiled kernel is not there", () => {
  it("where there is no WebAssembly", () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect(wasmKernel(source).create()).toBeUndefined();
  });

  it("where its instructions are unknown, also later", () => {
    const kernel = wasmKernel(source);
    change({ validate: () => false });
    expect(kernel.create()).toBeUndefined();
    vi.unstubAllGlobals();
    expect(kernel.create()).toBeUndefined();
  });

  it("where compiling is forbidden", () => {
    change({ Module: Forbidden });
    expect(wasmKernel(source).create()).toBeUndefined();
  });

  it("when it computes something else", () => {
    class Confused {
      readonly exports: object;
      constructor(module: WebAssembly.Module, imports: WebAssembly.Imports) {
        const { exports } = new engine.Instance(module, imports);
        this.exports = { ...exports, accumulate: exports["fold"] };
      }
    }
    change({ Instance: Confused });
    expect(wasmKernel(source).create()).toBeUndefined();
  });

  it("while there is no memory for it", () => {
    const kernel = wasmKernel(source);
    change({ Memory: Exhausted });
    expect(kernel.create()).toBeUndefined();
    vi.unstubAllGlobals();
    expect(kernel.create()?.name).toBe("p1");
  });
});

describe("hasher", () => {
  it("takes the next kernel when the best cannot run", () => {
    change({ validate: () => false });
    const hasher = createHasher({ kernels: [wasmKernel(source), packedKernel] });
    expect(hasher.kernel).toBe("packed");
  });

  it("gives up its oldest seed when there is no memory for another", () => {
    const hasher = createHasher({ kernels: [wasmKernel(source)], maxSeeds: 3 });
    const [first, second] = [recorded(0, 1), recorded(1, 1)].flat();
    if (first === undefined || second === undefined) return expect.unreachable();
    hasher.prepare(first.seed);
    const { memoryBytes } = hasher;
    change({ Memory: Exhausted });
    expect(hasher.hash(second.headerHash, second.seed)).toEqual(second.hash);
    expect(hasher.memoryBytes).toBe(memoryBytes);
  });
});
