import { suite as bbft } from "./bbft/index.ts";
import { suite as bvm } from "./bvm/index.ts";
import { opMulfraction } from "./bvm/op-mulfraction.ts";
import { suite as ed25519Verify } from "./ed25519-verify/index.ts";
import { suite as equity } from "./equity/index.ts";
import { chainSuite } from "./ledger/chain-suite.ts";
import { suite as ledger } from "./ledger/index.ts";
import { pswvSuite } from "./pswv/index.ts";
import type { Suite } from "./runner.ts";
import { suite as tensority } from "./tensority/index.ts";
import { suite as vapor } from "./vapor/index.ts";

/** Every suite whose handlers exist; a suite folder exports its own map. */
export const suites: { readonly [name: string]: Suite } = {
  bbft: { ...bbft, ...pswvSuite },
  bvm,
  "ed25519-verify": ed25519Verify,
  equity,
  ledger: { ...ledger, ...chainSuite },
  tensority,
  vapor: { ...vapor, op_mulfraction: opMulfraction },
};
