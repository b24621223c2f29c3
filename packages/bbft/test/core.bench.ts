import * as native from "@chainsafe/blst";
import type { BenchSuite } from "../../../scripts/harness.ts";
import {
  checkCertificate,
  createBls12381,
  createBlst,
  createEd25519,
  createFakeScheme,
  type SignatureScheme,
} from "../src/index.ts";
import { createNodeEd25519 } from "../src/node/ed25519.ts";
import { randomScenario, simulate, syntheticLatency } from "../src/sim/index.ts";
import { certificateBy, chainId, electorateOf } from "./helpers.ts";

const schemes: readonly (readonly [string, SignatureScheme])[] = [
  ["ed25519 noble", createEd25519()],
  ["ed25519 node:crypto", createNodeEd25519()],
  ["bls noble", createBls12381()],
  ["bls blst", createBlst(native)],
];

/** A quorum certificate of each scheme; the set's keys are already decompressed. */
function certificates(): BenchSuite {
  const cases = [4, 16, 100].flatMap((n) =>
    schemes.map(([name, scheme]) => {
      const electorate = electorateOf(scheme, new Array<bigint>(n).fill(1n));
      const signers = Array.from({ length: n - Math.floor((n - 1) / 3) }, (_, i) => i);
      const certificate = certificateBy(scheme, n, signers);
      return {
        name: `${name}, N = ${n}`,
        comparedTo: `ed25519 node:crypto, N = ${n}`,
        run: () => checkCertificate(certificate, chainId, electorate, scheme),
      };
    }),
  );
  return { name: "certificate verification", cases };
}

/** Whole simulated networks of the simulation scheme: what the protocol itself costs. */
function core(): BenchSuite {
  const cases = [
    [4, 4],
    [16, 4],
    [100, 10],
  ].map(([n = 4, m = 4]) => {
    const options = { n, m, heights: 5, latency: syntheticLatency(n, 1, 4, 10, 40) };
    const { steps } = simulate(options);
    return {
      name: `messages and timers handled, N = ${n}, M = ${m}`,
      operations: steps,
      run: () => simulate(options),
    };
  });
  const faulty = randomScenario(7);
  const { steps } = simulate(faulty);
  return {
    name: "core",
    cases: [
      ...cases,
      {
        name: "the same with faults (campaign seed 7)",
        operations: steps,
        run: () => simulate(faulty),
      },
    ],
  };
}

/** One decision by all validators together; divide by N for the share of one. */
function decisions(): BenchSuite {
  const all: readonly (readonly [string, SignatureScheme])[] = [
    ["fake", createFakeScheme()],
    ...schemes,
  ];
  const heights = 2;
  const cases = all.flatMap(([name, scheme]) =>
    (name === "bls noble" ? [4] : [4, 16]).map((n) => {
      const m = n === 4 ? 2 : 4;
      const options = { n, m, heights, scheme, latency: syntheticLatency(n, 1, 4, 10, 40) };
      return {
        name: `${name}, N = ${n}, M = ${m}`,
        operations: heights,
        run: () => simulate(options),
      };
    }),
  );
  return {
    name: "a decision, all validators",
    cases,
    notes: [
      "Proposals are signed and verified with ed25519 in plain TypeScript, except under fake.",
    ],
  };
}

export default (): BenchSuite[] => [core(), certificates(), decisions()];
