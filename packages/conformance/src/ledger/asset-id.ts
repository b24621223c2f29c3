import { assetId, btmAssetId } from "@bystack/butxo";
import { sha3 } from "@bystack/crypto";
import { bytes, equal, integer, list, object } from "../check.ts";
import type { Handler } from "../runner.ts";
import { compareFields } from "./describe.ts";

/** `asset_id`: ids from definition and issuance program. */
export const assetIds: Handler = (file, context) => {
  const { btm_asset_id, cases } = object(file, "file");
  context.check("BTM", () => equal(btmAssetId(), btm_asset_id, "btm_asset_id"));
  list(cases, "cases").forEach((value, index) => {
    context.check(`asset ${index}`, () => {
      const { asset_definition, issuance_program, vm_version, ...rest } = object(value, "case");
      const definition = bytes(asset_definition, "asset_definition");
      const program = bytes(issuance_program, "issuance_program");
      const ours = {
        asset_definition_hash: sha3(definition),
        asset_id: assetId(program, definition, integer(vm_version, "vm_version")),
      };
      compareFields(ours, rest, "asset");
    });
  });
};
