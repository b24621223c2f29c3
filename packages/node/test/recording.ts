import { readFileSync } from "node:fs";

/** The recorded chain of the repository. */
const RECORDING = new URL("../../../vectors/ledger/chain_solonet.json", import.meta.url);

interface RecordedBlock {
  readonly raw: string;
  readonly hash: string;
  readonly height: string;
  readonly utxo_digest: string;
  readonly utxo_count: number;
}

/** Its blocks, from the genesis block on. */
export function recordedBlocks(count: number): readonly RecordedBlock[] {
  const { blocks } = JSON.parse(readFileSync(RECORDING, "utf8"));
  return blocks.slice(0, count);
}

/** The form that `bystack export` writes. */
export function jsonLines(blocks: readonly RecordedBlock[]): string {
  return blocks.map(({ raw }) => `${JSON.stringify(raw)}\n`).join("");
}
