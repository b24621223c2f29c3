import {
  createBls12381,
  createEd25519,
  createElectorate,
  type Electorate,
  type SignatureScheme,
} from "@bystack/bbft";
import { bytes, count, type Fields, integer, list, object } from "../check.ts";

interface Validator {
  readonly index: number;
  readonly blsSecret: Uint8Array;
  readonly blsPublic: Uint8Array;
  readonly pop: Uint8Array;
  readonly idSeed: Uint8Array;
  readonly idPublic: Uint8Array;
  readonly power: bigint;
}

export interface Force {
  readonly scheme: SignatureScheme;
  readonly electorate: Electorate;
}

/** The validators of `signing.json`, under each scheme. */
export interface SigningContext {
  readonly fields: Fields;
  readonly chainId: Uint8Array;
  readonly epoch: bigint;
  readonly height: bigint;
  readonly view: number;
  readonly validators: readonly Validator[];
  readonly bls: Force;
  readonly ed25519: Force;
}

export function readSigning(file: unknown): SigningContext {
  const fields = object(file, "signing.json");
  const epoch = integer(fields["epoch"], "epoch");
  const validators = list(fields["validators"], "validators").map((entry): Validator => {
    const validator = object(entry, "validator");
    return {
      index: count(validator["index"], "index"),
      blsSecret: bytes(validator["blsSecret"], "blsSecret"),
      blsPublic: bytes(validator["blsPublic"], "blsPublic"),
      pop: bytes(validator["pop"], "pop"),
      idSeed: bytes(validator["idSeed"], "idSeed"),
      idPublic: bytes(validator["idPublic"], "idPublic"),
      power: integer(validator["power"], "power"),
    };
  });
  const force = (scheme: SignatureScheme, key: (validator: Validator) => Uint8Array): Force => ({
    scheme,
    electorate: createElectorate({
      epoch,
      scheme: scheme.id,
      validators: validators.map((validator) => ({
        power: validator.power,
        stake: 0n,
        voteKey: key(validator),
        idKey: validator.idPublic,
      })),
    }),
  });
  return {
    fields,
    chainId: bytes(fields["chainId"], "chainId"),
    epoch,
    height: integer(fields["height"], "height"),
    view: count(fields["view"], "view"),
    validators,
    bls: force(createBls12381(), ({ blsPublic }) => blsPublic),
    ed25519: force(createEd25519(), ({ idPublic }) => idPublic),
  };
}

/** The scheme that an encoded certificate names; BLS is in force for one that does not exist. */
export function forceOf(context: SigningContext, encoded: Uint8Array): Force {
  return encoded[1] === context.ed25519.scheme.id ? context.ed25519 : context.bls;
}

/** `ERR_TC_GROUPS` is our `tc-groups`. */
export function bbftCode(name: string): string {
  return name.replace(/^ERR_/, "").replaceAll("_", "-").toLowerCase();
}
