/** Bounds that several parts of a height share. */

/** How far above the own view votes and timeouts are kept. */
export const VIEW_WINDOW = 64;
/** Answers that one peer can cause in one height: enough for an honest one in trouble. */
export const ANSWERS_PER_PEER = 128;
