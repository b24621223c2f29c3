import { describe, expect, it } from "vitest";
import {
  decodeTimeoutCertificate,
  encodeTimeoutCertificate,
  signerSet,
  type TimeoutCertificate,
} from "../src/index.ts";
import { createNodeEd25519 } from "../src/node/ed25519.ts";
import { certificateBy, electorateOf } from "./helpers.ts";

const scheme = createNodeEd25519();
const n = 7;
const electorate = electorateOf(scheme, new Array<bigint>(n).fill(1n));

/** Every signer once in the signature, however many groups name it. */
function encoded(
  groups: readonly (readonly [claim: number, signers: readonly number[]])[],
  highQc?: TimeoutCertificate["highQc"],
): Uint8Array {
  const union = new Set(groups.flatMap(([, signers]) => signers));
  return encodeTimeoutCertificate({
    scheme: scheme.id,
    epoch: 0n,
    height: 5n,
    view: 3,
    n,
    groups: groups.map(([qcViewPlus1, signers]) => ({
      qcViewPlus1,
      signers: signerSet(n, signers),
    })),
    signature: new Uint8Array(64 * union.size),
    highQc,
  });
}

const decode = (bytes: Uint8Array) => decodeTimeoutCertificate(bytes, electorate, scheme);
const failsWith = (code: string) => expect.objectContaining({ code });
const highQc = certificateBy(scheme, n, [0, 1, 2, 3, 4], 1);

describe("a timeout certificate over ed25519", () => {
  it("is refused for its groups when a validator is in two of them", () => {
    const bytes = encoded(
      [
        [2, [0, 1, 2]],
        [0, [2, 3, 4, 5]],
      ],
      highQc,
    );
    expect(() => decode(bytes)).toThrow(failsWith("tc-groups"));
  });

  it("is refused for its certificate when it claims one and says that there is none", () => {
    const bytes = encoded([[2, [0, 1, 2, 3, 4]]], highQc);
    const flagAt = 25 + 4 + 1 + 64 * 5;
    expect(decode(bytes).highQc).toEqual(highQc);
    bytes[flagAt] = 0;
    expect(() => decode(bytes)).toThrow(failsWith("tc-qc"));
    expect(() => decode(bytes.subarray(0, flagAt + 1))).toThrow(failsWith("tc-qc"));
  });

  it("is refused for its length when something follows its end", () => {
    const bytes = encoded([[0, [0, 1, 2, 3, 4]]]);
    expect(decode(bytes).highQc).toBeUndefined();
    expect(() => decode(Uint8Array.of(...bytes, 0))).toThrow(failsWith("length"));
    expect(() => decode(bytes.subarray(0, -1))).toThrow(failsWith("length"));
  });
});
