import { assert } from "./assert.ts";
import type { ConformanceChild, StorePlace } from "./harness.ts";

/** A child process at this place. */
export function forkAt(place: StorePlace): ConformanceChild {
  assert(
    place.fork !== undefined,
    "a factory with persistence `disk` must give places with fork()",
  );
  return place.fork();
}

/** Sends a command and gives the child's answer to it. */
export async function ask(
  child: ConformanceChild,
  answers: AsyncIterator<string>,
  command: string,
): Promise<string> {
  child.send(command);
  for (;;) {
    const line = await nextLine(answers);
    assert(line !== undefined, `the child ended at ${command}`);
    if (line !== "ready") return line;
  }
}

/** The next line, undefined after the last one. */
export async function nextLine(lines: AsyncIterator<string>): Promise<string | undefined> {
  const result = await lines.next();
  return result.done === true ? undefined : result.value;
}
