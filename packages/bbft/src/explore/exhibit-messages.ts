/** Exhibits as real messages with valid signatures. */
import { sameBytes } from "../bytes.ts";
import type { Certificate } from "../certificate.ts";
import { roleOf } from "../core/epoch-context.ts";
import type { Message } from "../core/message.ts";
import type { Proposal } from "../proposal.ts";
import { signerSet } from "../signer-set.ts";
import {
  COMMIT,
  hash,
  PREPARE,
  proposalBytes,
  timeoutBytes,
  type VoteKind,
  valueIdOf,
  voteBytes,
} from "../signing.ts";
import type { World } from "../sim/world.ts";
import { encodeTimeoutCertificate, type TimeoutCertificate } from "../timeout-certificate.ts";
import type { Binding, Exhibit } from "./exhibits.ts";
import { VALIDATORS } from "./model.ts";

const HEIGHT = 1n;

export class ExhibitMessages {
  readonly #world: World;
  readonly #blocks: readonly Uint8Array[] = [Uint8Array.of(0), Uint8Array.of(1)];

  readonly #valueIds: readonly Uint8Array[] = this.#blocks.map((block) =>
    valueIdOf(hash(block), hash(new Uint8Array())),
  );

  constructor(world: World) {
    this.#world = world;
  }

  /** The id of value 0 or 1. */
  valueId(value: number): Uint8Array {
    return this.#valueIds[value] ?? new Uint8Array();
  }

  /** Which value an id stands for. */
  valueOf(valueId: Uint8Array): number {
    const value = [0, 1].find((one) => sameBytes(this.valueId(one), valueId));
    if (value === undefined) throw new RangeError("a value that nobody was shown");
    return value;
  }

  /** Undefined for what is no message. */
  make(exhibit: Exhibit): Message | undefined {
    switch (exhibit.type) {
      case "proposal":
        return { type: "proposal", proposal: this.#proposal(exhibit) };
      case "prepare-qc":
        return { type: "certificate", certificate: this.#certificate(PREPARE, exhibit) };
      case "commit-qc":
        return { type: "certificate", certificate: this.#certificate(COMMIT, exhibit) };
      case "tc":
        return {
          type: "timeout-certificate",
          certificate: this.#timeoutCertificate(exhibit.view, exhibit.by),
        };
      case "timeout": {
        const { signer, view, by } = exhibit;
        const position = this.#position(view);
        const bytes = timeoutBytes(this.#world.chainId, position, by.claim);
        const timeout = {
          ...position,
          qcViewPlus1: by.claim,
          signer,
          signature: this.#vote(signer, bytes),
          highQc: this.#highQc(by),
        };
        return { type: "timeout", timeout };
      }
      default:
        return undefined;
    }
  }

  #position(view: number): { epoch: bigint; height: bigint; view: number } {
    return { epoch: 0n, height: HEIGHT, view };
  }

  #vote(signer: number, bytes: Uint8Array): Uint8Array {
    const { context, voteSecrets } = this.#world;
    return context.scheme.sign(voteSecrets[signer] ?? new Uint8Array(), bytes);
  }

  #certificate(
    kind: VoteKind,
    { view, value }: { readonly view: number; readonly value: number },
  ): Certificate {
    const { chainId, context } = this.#world;
    const position = this.#position(view);
    const valueId = this.valueId(value);
    const bytes = voteBytes(kind, chainId, position, valueId);
    const signers = [0, 1, 2];
    return {
      kind,
      scheme: context.scheme.id,
      ...position,
      valueId,
      n: VALIDATORS,
      signers: signerSet(VALIDATORS, signers),
      signature: context.scheme.combine(
        signers.map((signer) => ({ signers: [signer], signature: this.#vote(signer, bytes) })),
      ),
    };
  }

  #highQc({ claim, value }: Binding): Certificate | undefined {
    return claim === 0 ? undefined : this.#certificate(PREPARE, { view: claim - 1, value });
  }

  #timeoutCertificate(view: number, by: Binding): TimeoutCertificate {
    const { chainId, context } = this.#world;
    const position = this.#position(view);
    const claims = by.claim === 0 ? [0, 0, 0] : [by.claim, 0, 0];
    const groups = [...new Set(claims)].map((qcViewPlus1) => ({
      qcViewPlus1,
      signers: signerSet(
        VALIDATORS,
        claims.flatMap((claim, signer) => (claim === qcViewPlus1 ? [signer] : [])),
      ),
    }));
    const signature = context.scheme.combine(
      claims.map((claim, signer) => ({
        signers: [signer],
        signature: this.#vote(signer, timeoutBytes(chainId, position, claim)),
      })),
    );
    const scheme = context.scheme.id;
    return { scheme, ...position, n: VALIDATORS, groups, signature, highQc: this.#highQc(by) };
  }

  #proposal({ view, value, by }: Extract<Exhibit, { type: "proposal" }>): Proposal {
    const { chainId, context, identity, idSecrets } = this.#world;
    const appBlock = this.#blocks[value] ?? new Uint8Array();
    const timeoutCertificate =
      by === undefined
        ? new Uint8Array()
        : encodeTimeoutCertificate(this.#timeoutCertificate(view - 1, by));
    const position = this.#position(view);
    const valueId = this.valueId(value);
    const { leader } = roleOf(context, 0, HEIGHT, view);
    const bytes = proposalBytes(chainId, position, valueId, timeoutCertificate);
    return {
      ...position,
      leader,
      appBlockId: hash(appBlock),
      engineHash: hash(new Uint8Array()),
      timeoutCertificate,
      signature: identity.sign(idSecrets[leader] ?? new Uint8Array(), bytes),
      engineData: new Uint8Array(),
      appBlock,
      valueId,
    };
  }
}
