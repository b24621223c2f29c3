import { keccak_256, sha3_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  CryptoError,
  createSha3,
  type Sha3Backend,
  sha3,
  sha3Backend,
  sha3Backends,
  sha3Concat,
  useSha3Backend,
} from "../src/index.ts";
import { probeMessage, SHA3_PROBES } from "../src/sha3-backend.ts";
import { nobleSha3 } from "../src/sha3-noble.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  useSha3Backend();
});

const text = (value: string) => new TextEncoder().encode(value);
const pattern = (length: number) => Uint8Array.from({ length }, (_, index) => index * 31 + length);

it("has a WebAssembly, a native and the reference backend to test", () => {
  expect(sha3Backends().map(({ name }) => name)).toEqual(["wasm", "node-crypto", "noble"]);
});

it("probes backends with digests that noble gives", () => {
  for (const [length, digest] of SHA3_PROBES)
    expect(bytesToHex(sha3_256(probeMessage(length)))).toBe(digest);
});

describe.each(sha3Backends())("SHA3-256 by $name", (backend) => {
  it.each([
    ["", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"],
    ["abc", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "41c0dba2a9d6240849100376a8235e2c82e1b9998a999e21db32dd97496d3376",
    ],
    ["a".repeat(1_000_000), "5c8875ae474a3634ba4fd55ec85bffd661f32aca75c6d699d0cdcb6c115891c1"],
  ])("gives the example values of FIPS 202, %#", (message, digest) => {
    expect(bytesToHex(backend.hash(text(message)))).toBe(digest);
  });

  it("equals noble at every length around the ends of blocks", () => {
    for (let length = 0; length <= 300; length++)
      expect(backend.hash(pattern(length)), `${length}`).toEqual(sha3_256(pattern(length)));
  });

  it("equals noble around the size of the kernel's memory", () => {
    const capacity = 16 * 136;
    for (const length of [-1, 0, 1, 135, 136].flatMap((n) => [capacity + n, 2 * capacity + n]))
      expect(backend.hash(pattern(length)), `${length}`).toEqual(sha3_256(pattern(length)));
  });

  it("hashes parts as their concatenation, wherever they are cut", () => {
    const message = pattern(40_000);
    const expected = sha3_256(message);
    for (const cut of [0, 1, 135, 136, 137, 2175, 2176, 2177, 4352, 40_000])
      expect(
        backend.hashParts([message.subarray(0, cut), new Uint8Array(), message.subarray(cut)]),
      ).toEqual(expected);
    expect(backend.hashParts([])).toEqual(sha3_256(new Uint8Array()));
  });

  it("hashes streams as their concatenation, several at a time", () => {
    const message = pattern(40_000);
    for (const step of [41, 136, 2175, 2176, 2177, 30_000]) {
      const stream = backend.createStream();
      const other = backend.createStream();
      for (let at = 0; at < message.length; at += step) {
        stream.update(message.subarray(at, at + step));
        other.update(message.subarray(0, at & 255));
        backend.hash(message.subarray(0, 50));
      }
      other.digest();
      expect(stream.digest()).toEqual(sha3_256(message));
    }
    expect(backend.createStream().digest()).toEqual(sha3_256(new Uint8Array()));
    expect(backend.createStream().digest().constructor).toBe(Uint8Array);
  });

  it("gives digests that later calls leave alone, as plain bytes", () => {
    const first = backend.hash(text("first"));
    const second = backend.hashParts([text("sec"), text("ond")]);
    expect(first).toEqual(sha3_256(text("first")));
    expect(second).toEqual(sha3_256(text("second")));
    expect(first.constructor).toBe(Uint8Array);
    expect(second.constructor).toBe(Uint8Array);
    first.fill(0);
    expect(backend.hash(text("first"))).toEqual(sha3_256(text("first")));
  });

  it("hashes views into larger buffers", () => {
    const buffer = pattern(500);
    expect(backend.hash(buffer.subarray(13, 213))).toEqual(sha3_256(buffer.slice(13, 213)));
    expect(backend.hash(Buffer.from(buffer).subarray(1, 3))).toEqual(sha3_256(buffer.slice(1, 3)));
  });
});

describe("the choice", () => {
  it("is the kernel for short inputs and node:crypto for long ones, in Node", () => {
    expect(sha3Backend().name).toBe("wasm, node-crypto from 2048 bytes");
    for (const length of [0, 64, 2047, 2048, 100_000])
      expect(sha3(pattern(length))).toEqual(sha3_256(pattern(length)));
    const stream = createSha3();
    stream.update(pattern(3000));
    expect(stream.digest()).toEqual(sha3_256(pattern(3000)));
    expect(sha3Concat(pattern(33), pattern(3000))).toEqual(
      sha3_256(Uint8Array.of(...pattern(33), ...pattern(3000))),
    );
  });

  it("is the kernel alone where there is no process", () => {
    vi.stubGlobal("process", undefined);
    expect(sha3Backend().name).toBe("wasm");
  });

  it("is noble where WebAssembly is missing", () => {
    vi.stubGlobal("process", undefined);
    vi.stubGlobal("WebAssembly", undefined);
    expect(sha3Backend().name).toBe("noble");
    expect(sha3(text("abc"))).toEqual(sha3_256(text("abc")));
    expect(sha3Concat(text("a"), text("bc"))).toEqual(sha3_256(text("abc")));
  });

  it("is noble where a content security policy forbids WebAssembly", () => {
    vi.stubGlobal("process", undefined);
    vi.stubGlobal("WebAssembly", {
      Module: class {
        constructor() {
          throw new Error("Refused to compile or instantiate WebAssembly module");
        }
      },
    });
    expect(sha3Backend().name).toBe("noble");
  });

  it("is node:crypto where only WebAssembly is missing", () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect(sha3Backend().name).toBe("node-crypto");
  });

  it("passes over a node:crypto that lacks SHA-3", () => {
    const hash = () => {
      throw new Error("Invalid digest: sha3-256");
    };
    vi.stubGlobal("process", { getBuiltinModule: () => ({ hash, createHash: hash }) });
    expect(sha3Backend().name).toBe("wasm");
  });

  it("can be made by the caller, and be undone", () => {
    const noble = sha3Backends().find(({ name }) => name === "noble");
    useSha3Backend(noble);
    expect(sha3Backend()).toBe(noble);
    useSha3Backend();
    expect(sha3Backend().name).toContain("wasm");
  });

  it("refuses a backend that hashes otherwise", () => {
    const noble = nobleSha3;
    const keccak: Sha3Backend = {
      name: "keccak",
      hash: (bytes) => keccak_256(bytes),
      hashParts: (parts) => keccak_256(Uint8Array.of(...parts.flatMap((part) => [...part]))),
      createStream: () => noble.createStream(),
    };
    const forgetful: Sha3Backend = {
      name: "forgetful",
      hash: (bytes) => sha3_256(bytes),
      hashParts: ([first = new Uint8Array()]) => sha3_256(first),
      createStream: () => noble.createStream(),
    };
    const empty: Sha3Backend = {
      ...noble,
      name: "empty",
      createStream: () => ({ update() {}, digest: () => sha3_256(new Uint8Array()) }),
    };
    for (const backend of [keccak, forgetful, empty])
      expect(() => useSha3Backend(backend)).toThrow(
        expect.objectContaining({
          name: "CryptoError",
          code: "backend-disagrees",
          backend: backend.name,
        }),
      );
    expect(() => useSha3Backend(keccak)).toThrow(CryptoError);
  });
});
