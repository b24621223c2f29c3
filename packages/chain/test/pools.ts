import {
  createValidatorPool,
  createWorkerHandler,
  type StartWorker,
  type ValidatorPool,
} from "../src/pool/index.ts";
import { params } from "./kit.ts";

/** Workers in this thread that answer whatever waits in reverse order. */
export function reversingPool(size: number): ValidatorPool {
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
  return createValidatorPool({ params, size, startWorker });
}

/** Workers that fail now and then: at the start, at a job, by an answer that makes no sense. */
export function failingPool(size: number): ValidatorPool {
  let turn = 0;
  const startWorker: StartWorker = ({ onReply, onFailure }) => {
    const handle = createWorkerHandler();
    if (turn++ % 5 === 4) throw new Error("no thread left");
    return {
      post(request) {
        const reply = handle(request);
        if (reply === undefined) return;
        setTimeout(() => {
          const fault = turn++ % 7;
          if (fault === 3) onFailure(new Error("gone"));
          else if (fault === 5) onReply({ id: reply.id, error: "confused" });
          else if (fault === 6) onReply({ id: reply.id, result: new Uint8Array(17) });
          else onReply(reply);
        }, 0);
      },
      close() {},
    };
  };
  return createValidatorPool({ params, size, startWorker });
}
