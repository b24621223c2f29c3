import {
  checkCertificate,
  checkTimeoutCertificate,
  decodeCertificate,
  decodeProposal,
  decodeTimeoutCertificate,
  encodeCertificate,
  encodeProposal,
  encodeTimeoutCertificate,
  hash,
  proposalBytes,
  timeoutBytes,
  valsetHash,
  valueIdOf,
  voteBytes,
} from "@bystack/bbft";
import { bytes, count, equal, list, object, text } from "../check.ts";
import type { HandlerContext } from "../runner.ts";
import { forceOf, readSigning } from "./context.ts";

export async function signing(file: unknown, { check }: HandlerContext): Promise<void> {
  const context = readSigning(file);
  const { fields, chainId, validators, bls, ed25519 } = context;
  for (const [at, validator] of validators.entries())
    await check(`validator ${at}`, () => {
      equal(validator.index, at, "index");
      equal(bls.scheme.publicKey(validator.blsSecret), validator.blsPublic, "BLS public key");
      equal(bls.scheme.provePossession(validator.blsSecret), validator.pop, "proof of possession");
      equal(
        bls.scheme.verifyPossession(validator.blsPublic, validator.pop),
        true,
        "proof verifies",
      );
      equal(ed25519.scheme.publicKey(validator.idSeed), validator.idPublic, "identity key");
    });
  await check("valsetHash", () =>
    equal(valsetHash(bls.electorate.set), bytes(fields["valsetHash"], "valsetHash"), "valsetHash"),
  );
  const valueId = bytes(fields["valueId"], "valueId");
  const engineHash = bytes(fields["engineHash"], "engineHash");
  await check("engineHash", () => equal(hash(new Uint8Array(0)), engineHash, "engineHash"));
  for (const suffix of ["", "2"])
    await check(`valueId${suffix}`, () => {
      const block = bytes(fields[`appBlockId${suffix}`], `appBlockId${suffix}`);
      const expected = bytes(fields[`valueId${suffix}`], `valueId${suffix}`);
      equal(valueIdOf(block, engineHash), expected, "value id");
    });

  const messages = {
    prepare: voteBytes(1, chainId, context, valueId),
    commit: voteBytes(2, chainId, context, valueId),
    timeoutNone: timeoutBytes(chainId, context, 0),
    timeoutQC0: timeoutBytes(chainId, context, 1),
    timeoutQC1: timeoutBytes(chainId, context, 2),
  };
  const signed = object(fields["signBytes"], "signBytes");
  for (const [name, message] of Object.entries(messages))
    await check(`signBytes ${name}`, () => equal(message, bytes(signed[name], name), name));

  const votes = object(fields["votes"], "votes");
  for (const phase of ["prepare", "commit"] as const)
    for (const [index, vote] of list(votes[phase], phase).entries())
      await check(`${phase} vote of ${index}`, () => {
        const expected = bytes(vote, "vote");
        const secret = validators[index]?.blsSecret ?? new Uint8Array();
        equal(bls.scheme.sign(secret, messages[phase]), expected, "signature");
      });
  for (const [index, vote] of list(fields["votesEd25519Prepare"], "votes").entries())
    await check(`ed25519 prepare vote of ${index}`, () => {
      const secret = validators[index]?.idSeed ?? new Uint8Array();
      equal(ed25519.scheme.sign(secret, messages.prepare), bytes(vote, "vote"), "signature");
    });

  for (const [name, entry] of Object.entries(object(fields["certificates"], "certificates")))
    await check(`certificate ${name}`, () => {
      const { encoded, hash: digest } = object(entry, name);
      const input = bytes(encoded, "encoded");
      const { electorate, scheme } = forceOf(context, input);
      const decoded = decodeCertificate(input, electorate, scheme);
      equal(encodeCertificate(decoded), input, "encoding");
      equal(hash(input), bytes(digest, "hash"), "hash");
      checkCertificate(decoded, chainId, electorate, scheme);
    });
  const timeouts = object(fields["timeoutCertificates"], "timeoutCertificates");
  for (const [name, entry] of Object.entries(timeouts))
    await check(`timeout certificate ${name}`, () => {
      const input = bytes(entry, name);
      const { electorate, scheme } = forceOf(context, input);
      const decoded = decodeTimeoutCertificate(input, electorate, scheme);
      equal(encodeTimeoutCertificate(decoded), input, "encoding");
      checkTimeoutCertificate(decoded, chainId, electorate, scheme);
    });
  await check("proposal", () => {
    const proposal = object(fields["proposal"], "proposal");
    const tc = bytes(timeouts[text(proposal["tc"], "tc")], "tc");
    const message = proposalBytes(chainId, context, valueId, tc);
    equal(message, bytes(proposal["signBytes"], "signBytes"), "bytes to sign");
    const leader = count(proposal["leader"], "leader");
    const signature = bytes(proposal["signature"], "signature");
    const seed = validators[leader]?.idSeed ?? new Uint8Array();
    equal(ed25519.scheme.sign(seed, message), signature, "signature");
    const encoded = bytes(proposal["encodedWithoutPayload"], "encoded");
    equal(encoded[0], 0x10, "message type");
    const decoded = decodeProposal(encoded.subarray(1));
    equal(decoded.leader, leader, "leader");
    equal(decoded.valueId, valueId, "value id");
    equal(decoded.signature, signature, "decoded signature");
    equal(encodeProposal(decoded), encoded.subarray(1), "encoding");
  });
}
