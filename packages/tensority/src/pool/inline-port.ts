import type { StartWorker } from "./port.ts";
import { createService } from "./service.ts";

declare function setTimeout(task: () => void, ms: number): unknown;

/**
 * A worker on the caller's own thread: same answers in the same order, no parallelism. The event
 * loop turns once before each answer, so that a signal can stop what still waits.
 */
export const startInline: StartWorker = ({ onReply }) => {
  const service = createService();
  let isOpen = true;
  return {
    post(request) {
      setTimeout(() => {
        if (isOpen) onReply(service(request));
      }, 0);
    },
    close() {
      isOpen = false;
    },
  };
};
