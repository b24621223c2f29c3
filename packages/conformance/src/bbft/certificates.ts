import {
  checkCertificate,
  checkTimeoutCertificate,
  decodeCertificate,
  decodeTimeoutCertificate,
  forcedValue,
} from "@bystack/bbft";
import { bytes, codeOf, equal, flag, ifPresent, list, object, text } from "../check.ts";
import type { HandlerContext } from "../runner.ts";
import { bbftCode, forceOf, readSigning } from "./context.ts";

export async function certificates(file: unknown, context: HandlerContext): Promise<void> {
  const signing = readSigning(context.load("signing.json"));
  for (const entry of list(object(file, "file")["cases"], "cases")) {
    const fields = object(entry, "case");
    await context.check(text(fields["name"], "name"), () => {
      const encoded = bytes(fields["encoded"], "encoded");
      const { electorate, scheme } = forceOf(signing, encoded);
      const verdict = verdictOf(() => {
        const certificate = decodeCertificate(encoded, electorate, scheme);
        checkCertificate(certificate, signing.chainId, electorate, scheme);
      });
      equal(verdict, bbftCode(text(fields["expect"], "expect")), "verdict");
    });
  }
}

export async function timeoutCertificates(file: unknown, context: HandlerContext): Promise<void> {
  const signing = readSigning(context.load("signing.json"));
  for (const entry of list(object(file, "file")["cases"], "cases")) {
    const fields = object(entry, "case");
    await context.check(text(fields["name"], "name"), () => {
      const encoded = bytes(fields["encoded"], "encoded");
      const expect = object(fields["expect"], "expect");
      const { electorate, scheme } = forceOf(signing, encoded);
      let forced: Uint8Array | undefined;
      const verdict = verdictOf(() => {
        const tc = decodeTimeoutCertificate(encoded, electorate, scheme);
        checkTimeoutCertificate(tc, signing.chainId, electorate, scheme);
        forced = forcedValue(tc);
      });
      equal(verdict, bbftCode(text(expect["result"], "result")), "verdict");
      ifPresent(expect, "freeValue", (value) =>
        equal(forced === undefined, flag(value, "freeValue"), "free value"),
      );
      ifPresent(expect, "mustPropose", (value) =>
        equal(forced, bytes(value, "mustPropose"), "value to propose"),
      );
    });
  }
}

function verdictOf(action: () => void): string {
  try {
    action();
    return "ok";
  } catch (error) {
    return codeOf(error);
  }
}
