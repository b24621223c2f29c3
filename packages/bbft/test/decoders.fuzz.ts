import type { FuzzTarget } from "../../../scripts/harness.ts";
import {
  BbftError,
  createFakeScheme,
  DEFAULT_PARAMETERS,
  decodeCertificate,
  decodeCommitProof,
  decodeComplaint,
  decodeEngineData,
  decodeEnvelope,
  decodeEvidence,
  decodeFrames,
  decodeMessage,
  decodeParameters,
  decodeProposal,
  decodeTimeoutCertificate,
  decodeWalRecord,
  ENGINE_ITEM,
  EVIDENCE_TYPE,
  encodeCertificate,
  encodeComplaint,
  encodeEngineData,
  encodeEnvelope,
  encodeEpoch,
  encodeEvidence,
  encodeFrame,
  encodeMessage,
  encodeParameters,
  encodeProposal,
  encodeTimeoutCertificate,
  epochOfEntry,
  evidenceCheck,
  fullTopology,
  type Message,
  offenseId,
  offenseOf,
  signerSet,
  WAL_TYPE,
} from "../src/index.ts";
import { certificateBy, chainId, electorateOf } from "./helpers.ts";

const scheme = createFakeScheme();
const electorate = electorateOf(scheme, [1n, 1n, 1n, 1n]);
const context = { electorate, scheme };
const certificate = certificateBy(scheme, 4, [0, 1, 2]);
const place = { epoch: 0n, height: 5n, view: 1 };
const vote = {
  ...place,
  kind: 1 as const,
  valueId: chainId,
  signer: 1,
  signature: new Uint8Array(8),
};
const timeout = {
  ...place,
  qcViewPlus1: 0,
  signer: 1,
  signature: new Uint8Array(8),
  highQc: undefined,
};
const timeoutCertificate = encodeTimeoutCertificate({
  ...place,
  scheme: scheme.id,
  n: 4,
  groups: [{ qcViewPlus1: 0, signers: signerSet(4, [0, 1, 2]) }],
  signature: new Uint8Array(8),
  highQc: undefined,
});
const proposal = encodeProposal({
  ...place,
  leader: 1,
  appBlockId: chainId,
  engineHash: chainId,
  timeoutCertificate,
  signature: new Uint8Array(64),
  engineData: Uint8Array.of(1),
  appBlock: Uint8Array.of(2),
  valueId: chainId,
});
const messages: Message[] = [
  { type: "vote", vote },
  { type: "timeout", timeout },
  { type: "aggregate", contribution: certificate },
  { type: "votes-response", votes: [vote, vote] },
  { type: "attach", height: 5n, view: 1 },
  {
    type: "block-response",
    height: 5n,
    body: { appBlockId: chainId, engineData: Uint8Array.of(1), appBlock: Uint8Array.of(2) },
  },
];
const evidence = encodeEvidence({
  type: 2,
  validator: 1,
  first: { type: "vote", vote },
  second: { type: "vote", vote: { ...vote, valueId: new Uint8Array(32) } },
});
const isExpected = (error: unknown): boolean => error instanceof BbftError;

const target = (
  name: string,
  seeds: readonly Uint8Array[],
  run: (input: Uint8Array) => void,
): FuzzTarget => ({ name: `bbft/${name}`, seeds, run, isExpected });

/** What was accepted must encode to the same bytes again. */
function same(input: Uint8Array, encoded: Uint8Array): void {
  if (Buffer.compare(input, encoded) !== 0) throw new Error("accepted what it does not produce");
}

const falseAggregate = encodeEvidence({
  ...{ type: EVIDENCE_TYPE.BAD_AGGREGATE, validator: 1 },
  envelope: encodeEnvelope({
    ...{ sender: 1, receiver: 2, seq: 3n, signature: new Uint8Array(64) },
    message: encodeMessage({ type: "aggregate", contribution: certificate }),
  }),
});

const epoch = encodeEpoch({
  ...{ epoch: 3n, parameters: DEFAULT_PARAMETERS, topology: fullTopology(4) },
});

export default (): FuzzTarget[] => [
  target("certificate", [encodeCertificate(certificate)], (input) =>
    same(input, encodeCertificate(decodeCertificate(input, electorate, scheme))),
  ),
  target("timeout-certificate", [timeoutCertificate], (input) =>
    same(input, encodeTimeoutCertificate(decodeTimeoutCertificate(input, electorate, scheme))),
  ),
  target(
    "commit-proof",
    [encodeMessage({ type: "aggregate", contribution: certificate })],
    (input) => {
      decodeCommitProof(input, electorate, scheme);
    },
  ),
  target("proposal", [proposal], (input) => same(input, encodeProposal(decodeProposal(input)))),
  target("message", messages.map(encodeMessage), (input) =>
    same(input, encodeMessage(decodeMessage(input, context))),
  ),
  target("evidence", [evidence, falseAggregate], (input) => {
    const found = decodeEvidence(input, () => context);
    offenseId(offenseOf(found, () => context));
    evidenceCheck(found, chainId, () => context);
  }),
  target("complaint", [new Uint8Array(76)], (input) =>
    same(input, encodeComplaint(decodeComplaint(input))),
  ),
  target("wal-epoch", [epoch.payload], (input) => {
    epochOfEntry({ type: WAL_TYPE.epoch, payload: input });
  }),
  target(
    "engine-data",
    [encodeEngineData([{ type: ENGINE_ITEM.LAST_COMMIT, bytes: chainId }])],
    (input) => same(input, encodeEngineData(decodeEngineData(input, 5n, 10))),
  ),
  target(
    "envelope",
    [
      encodeEnvelope({
        ...{ sender: 1, receiver: 2, seq: 3n },
        message: Uint8Array.of(0x17, 1),
        signature: new Uint8Array(64),
      }),
    ],
    (input) => same(input, encodeEnvelope(decodeEnvelope(input))),
  ),
  target("parameters", [encodeParameters(DEFAULT_PARAMETERS)], (input) =>
    same(input, encodeParameters(decodeParameters(input))),
  ),
  target("wal-frames", [encodeFrame({ type: 1, payload: chainId }, 5)], (input) => {
    if (decodeFrames(input).soundLength > input.length) throw new Error("read too far");
  }),
  target("wal-record", [encodeMessage({ type: "vote", vote })], (input) => {
    decodeWalRecord({ type: WAL_TYPE.message, payload: input }, context);
  }),
];
