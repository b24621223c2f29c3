import { SingleBar } from "cli-progress";

/** A bar on a terminal; a line every few seconds anywhere else. */
export interface Progress {
  update(done: number): void;
  stop(): void;
}

/**
 * Shows how far a long piece of work is, on standard error.
 *
 * @param total how many items there are; undefined when nobody knows
 */
export function createProgress(label: string, total: number | undefined): Progress {
  const startedAt = performance.now();
  const rate = (done: number): string => {
    const seconds = (performance.now() - startedAt) / 1000;
    return (done / Math.max(seconds, 0.001)).toFixed(1);
  };
  const bar = new SingleBar({
    format:
      total === undefined
        ? `${label} {value} blocks | {rate} blocks/s | {duration_formatted}`
        : `${label} [{bar}] {value}/{total} blocks | {rate} blocks/s | {eta_formatted} left`,
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 3000,
    hideCursor: true,
    clearOnComplete: false,
    fps: 5,
  });
  bar.start(total ?? 0, 0, { rate: "0.0" });
  return {
    update(done) {
      bar.update(done, { rate: rate(done) });
    },
    stop() {
      bar.stop();
    },
  };
}
