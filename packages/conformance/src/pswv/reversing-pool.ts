import { bytomSolonet } from "@bystack/butxo";
import {
  createValidatorPool,
  createWorkerHandler,
  type StartWorker,
  type ValidatorPool,
} from "@bystack/chain/pool";

/** Four workers in this thread that answer whatever waits in reverse order. */
export function reversingPool(): ValidatorPool {
  const answers: (() => void)[] = [];
  const startWorker: StartWorker = ({ onReply }) => {
    const handle = createWorkerHandler();
    let isOpen = true;
    return {
      post(request) {
        const reply = handle(request);
        if (reply === undefined) return;
        if (answers.length === 0)
          setTimeout(() => {
            for (const answer of answers.splice(0).reverse()) answer();
          }, 0);
        answers.push(() => isOpen && onReply(reply));
      },
      close() {
        isOpen = false;
      },
    };
  };
  return createValidatorPool({ params: bytomSolonet, size: 4, startWorker });
}
