/** @see spec 20-bvm, section 6.1 "Pushing" */
import type { Operation } from "./operation.ts";

/** FALSE, DATA_n, PUSHDATAn and the small numbers. */
export const push: Operation = (frame, { item }) => {
  frame.pushNow(item);
};

export const pushMinusOne: Operation = (frame) => {
  frame.pushNow(-1);
};
