/** Tells the time; injected, so that recorded chains and simulations have theirs. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}
