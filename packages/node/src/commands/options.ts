import { type BytomNetwork, bytomSolonet } from "@bystack/butxo";
import { Option } from "commander";
import { LOG_LEVELS, type LogLevel } from "../logger.ts";
import { NETWORK_NAMES, NETWORKS } from "../networks.ts";
import { SIGNATURE_LIBRARIES, type SignatureLibrary } from "../signature-backend.ts";
import { wholeNumber } from "./whole-number.ts";

/** What every command on a chain takes. */
export interface ChainCommandOptions {
  readonly network: string;
  readonly home: string;
  readonly workers?: number;
  readonly signatures: SignatureLibrary;
  readonly logLevel: LogLevel;
}

/** The options of {@link ChainCommandOptions}, in the order of `--help`. */
export function chainOptions(): Option[] {
  return [
    new Option("--network <name>", "which chain").choices(NETWORK_NAMES).default("solonet"),
    new Option("--home <folder>", "folder of all data").default(".bystack").env("BYSTACK_HOME"),
    new Option(
      "--workers <count>",
      "threads for proof of work, and for scripts; 0 = none besides the main one (default: one a core)",
    ).argParser(wholeNumber(0, 256)),
    new Option("--signatures <library>", "what checks signatures; auto = the fastest that is here")
      .choices(SIGNATURE_LIBRARIES)
      .default("auto"),
    new Option("--log-level <level>", "how much to log").choices(LOG_LEVELS).default("info"),
  ];
}

export function networkOf({ network }: ChainCommandOptions): BytomNetwork {
  return NETWORKS[network] ?? bytomSolonet;
}
