import type { OutputChanges, SpentOutput, TransactionResult } from "../state/output-changes.ts";
import type { TransactionJudgment } from "../validation/block.ts";

/**
 * A worker's answer, as plain bytes: for each transaction
 *
 *     0 = the chain must look itself, 1 = good, 2 = status-failed    u8
 *     and unless it is 0:
 *     BTM value, gas used                                            u64, u64
 *     transaction id                                                 32 bytes
 *     number of spends, number of results                            u32, u32
 *     each spend:  flags u8 (1 = BTM), output id
 *     each result: flags u8 (1 = BTM, 2 = retirement), amount u64, output id
 *
 * All little-endian.
 *
 * @see spec 94-parallel-validation, section 3.2 "Crossing the thread border cheaply"
 */

const ID = 32;
const HEAD = 1 + 8 + 8 + ID + 4 + 4;
const SPEND = 1 + ID;
const RESULT = 1 + 8 + ID;
const BTM = 1;
const RETIREMENT = 2;

export function encodeResult(
  judgments: readonly (TransactionJudgment | undefined)[],
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(judgments.reduce((sum, judgment) => sum + sizeOf(judgment), 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const judgment of judgments) {
    if (judgment !== undefined) write(judgment);
    else at++;
  }
  return out;

  function write({ statusFailed, btmValue, gasUsed, changes }: TransactionJudgment): void {
    out[at] = statusFailed ? 2 : 1;
    view.setBigUint64(at + 1, btmValue, true);
    view.setBigUint64(at + 9, gasUsed, true);
    out.set(changes.id, at + 17);
    view.setUint32(at + 17 + ID, changes.spends.length, true);
    view.setUint32(at + 21 + ID, changes.results.length, true);
    at += HEAD;
    for (const { id, isBtm } of changes.spends) {
      out[at] = isBtm ? BTM : 0;
      out.set(id, at + 1);
      at += SPEND;
    }
    for (const { id, isBtm, isRetirement, amount } of changes.results) {
      out[at] = (isBtm ? BTM : 0) | (isRetirement ? RETIREMENT : 0);
      view.setBigUint64(at + 1, amount, true);
      out.set(id, at + 9);
      at += RESULT;
    }
  }
}

/** Ids are views into `bytes`. @throws RangeError when the bytes end too early */
export function decodeResult(bytes: Uint8Array): (TransactionJudgment | undefined)[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const judgments: (TransactionJudgment | undefined)[] = [];
  let at = 0;
  while (at < bytes.length) judgments.push(read());
  return judgments;

  function read(): TransactionJudgment | undefined {
    const code = bytes[at];
    if (code === 0) {
      at++;
      return undefined;
    }
    const btmValue = view.getBigUint64(at + 1, true);
    const gasUsed = view.getBigUint64(at + 9, true);
    const id = idAt(at + 17);
    const spendCount = view.getUint32(at + 17 + ID, true);
    const resultCount = view.getUint32(at + 21 + ID, true);
    at += HEAD;
    const spends: SpentOutput[] = [];
    for (let i = 0; i < spendCount; i++, at += SPEND)
      spends.push({ isBtm: view.getUint8(at) === BTM, id: idAt(at + 1) });
    const results: TransactionResult[] = [];
    for (let i = 0; i < resultCount; i++, at += RESULT) {
      const flags = view.getUint8(at);
      results.push({
        isBtm: (flags & BTM) !== 0,
        isRetirement: (flags & RETIREMENT) !== 0,
        amount: view.getBigUint64(at + 1, true),
        id: idAt(at + 9),
      });
    }
    const changes: OutputChanges = { id, spends, results };
    return { statusFailed: code === 2, btmValue, gasUsed, changes };
  }

  function idAt(offset: number): Uint8Array {
    if (offset + ID > bytes.length) throw new RangeError("the answer ends too early");
    return bytes.subarray(offset, offset + ID);
  }
}

function sizeOf(judgment: TransactionJudgment | undefined): number {
  if (judgment === undefined) return 1;
  const { spends, results } = judgment.changes;
  return HEAD + SPEND * spends.length + RESULT * results.length;
}
