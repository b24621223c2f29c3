import {
  coinbaseProgram,
  int64Bytes,
  isP2wmcProgram,
  isP2wpkhProgram,
  isP2wshProgram,
  isStandardProgram,
  isStraightforwardProgram,
  issuanceHeight,
  isTrueBytes,
  isUnspendableProgram,
  type MagneticOrder,
  multisigProgram,
  p2mcProgram,
  p2pkhProgram,
  p2shProgram,
  p2wmcProgram,
  p2wpkhProgram,
  p2wshProgram,
  parseInt64,
  pushdataInt,
  pushdataPrefix,
  retireProgram,
  sideChain,
  witnessProgram,
} from "@bystack/bvm";
import {
  bytes,
  codeOf,
  count,
  equal,
  integer,
  list,
  object,
  text,
  thrownBy,
  toCode,
  UnreadableCase,
} from "../check.ts";
import type { Handler } from "../runner.ts";

type Call = (...args: readonly unknown[]) => unknown;

function keys(value: unknown): Uint8Array[] {
  return value === null ? [] : list(value, "keys").map((key) => bytes(key, "key"));
}

function order(value: unknown): MagneticOrder {
  const fields = object(value, "order");
  return {
    requestedAsset: bytes(fields["requested_asset"], "requested_asset"),
    ratioNumerator: integer(fields["ratio_numerator"], "ratio_numerator"),
    ratioDenominator: integer(fields["ratio_denominator"], "ratio_denominator"),
    sellerProgram: bytes(fields["seller_program"], "seller_program"),
    sellerKey: bytes(fields["seller_key"], "seller_key"),
  };
}

const ofBytes =
  (call: (argument: Uint8Array) => unknown): Call =>
  (argument) =>
    call(bytes(argument, "args"));

const functions: { readonly [name: string]: Call } = {
  coinbaseProgram,
  p2wpkhProgram: ofBytes(p2wpkhProgram),
  p2pkhSigProgram: ofBytes(p2pkhProgram),
  convertP2pkhSigProgram: ofBytes(witnessProgram),
  p2wshProgram: ofBytes(p2wshProgram),
  p2shProgram: ofBytes(p2shProgram),
  convertP2shProgram: ofBytes(witnessProgram),
  retireProgram: ofBytes(retireProgram),
  multisigProgram: (list, quorum) => multisigProgram(keys(list), count(quorum, "quorum")),
  multisigProgramWithHeight: (list, quorum, height) =>
    multisigProgram(keys(list), count(quorum, "quorum"), {
      belowHeight: integer(height, "height"),
    }),
  isP2wpkhScript: ofBytes(isP2wpkhProgram),
  isP2wshScript: ofBytes(isP2wshProgram),
  isStraightforward: ofBytes(isStraightforwardProgram),
  isP2wScript: ofBytes(isStandardProgram),
  isUnspendable: ofBytes(isUnspendableProgram),
  issuanceProgramRestrictHeight: ofBytes((program) => issuanceHeight(program).toString()),
  pushdataInt64: (value) => pushdataInt(integer(value, "value")),
  pushdataPrefix: (length) => pushdataPrefix(count(length, "length")),
  int64Bytes: (value) => int64Bytes(integer(value, "value")),
  asInt64: ofBytes((item) => parseInt64(item).toString()),
  asBool: ofBytes(isTrueBytes),
  p2wmcProgram: (value) => p2wmcProgram(order(value)),
  p2mcProgram: (value) => p2mcProgram(order(value)),
  convertP2mcProgram: ofBytes((program) => sideChain.convertProgram(program)),
  isP2wmcScript: ofBytes(isP2wmcProgram),
};

/** Calls of the functions that build, recognize and convert programs. */
export const builders: Handler = (file, context) => {
  for (const [index, item] of list(object(file, "file")["vectors"], "vectors").entries()) {
    context.check(`#${index}`, () => {
      const { fn, args, result, err } = object(item, "case");
      const name = text(fn, "fn");
      const call = Object.hasOwn(functions, name) ? functions[name] : undefined;
      if (call === undefined) throw new UnreadableCase(`function ${name}`);
      const given = args === null ? [] : list(args, "args");
      if (err === null) checkResult(call(...given), result, name);
      else equal(codeOf(thrownBy(() => call(...given), name)), errorCode(text(err, "err")), "err");
    });
  }
};

/** Some functions of the reference fail with a sentence in place of a name. */
function errorCode(name: string): string {
  return /^Other:unknow P2\w+ version number$/.test(name)
    ? "unknown-witness-version"
    : toCode(name);
}

function checkResult(actual: unknown, expected: unknown, name: string): void {
  equal(actual, actual instanceof Uint8Array ? bytes(expected, "result") : expected, name);
}
