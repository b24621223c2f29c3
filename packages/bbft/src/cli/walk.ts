/** A way through states of the model, told as what validators do. */
import type { Exploration, NodeState, Variant } from "../explore/index.ts";

const VALUES = ["A", "B"] as const;
const VIEWS = [0, 1, 2] as const;

/**
 * One line a step. States are known only up to the order of validators and of the two values, so each
 * is first matched with the one before.
 *
 * @param walk states of the honest validators, the first one being that before anything happens
 */
export function tellWalk(walk: Exploration["counterexample"], variant: Variant): string[] {
  const [start = [], ...rest] = walk;
  const nodes = [...start];
  let isMirrored = false;
  const lines: string[] = [];
  for (const step of rest) {
    const plain = match(nodes, isMirrored ? step.map(mirror) : step);
    const other = match(nodes, isMirrored ? step : step.map(mirror));
    const found = plain ?? other;
    if (found === undefined) throw new Error("a step of more than one validator");
    if (plain === undefined) isMirrored = !isMirrored;
    const before = nodes[found.at];
    nodes[found.at] = found.after;
    if (before !== undefined)
      lines.push(`validator ${found.at}: ${tellStep(before, found.after, variant)}`);
  }
  return lines;
}

/** The one validator whose state is another, and that state. */
function match(
  before: readonly NodeState[],
  after: readonly NodeState[],
): { readonly at: number; readonly after: NodeState } | undefined {
  const left = after.map(keyOf);
  const changed: number[] = [];
  for (const [at, node] of before.entries()) {
    const same = left.indexOf(keyOf(node));
    if (same < 0) changed.push(at);
    else left[same] = "";
  }
  const fresh = left.findIndex((key) => key !== "");
  const [at] = changed;
  const state = after[fresh];
  if (at === undefined || changed.length > 1 || state === undefined) return undefined;
  return { at, after: state };
}

const keyOf = (node: NodeState): string =>
  JSON.stringify(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The state with the two values exchanged. */
function mirror(node: NodeState): NodeState {
  const swap = (mask: number): number => ((mask & 0x555) << 1) | ((mask >> 1) & 0x555);
  return {
    ...node,
    prepares: swap(node.prepares),
    commits: swap(node.commits),
    highValue: node.highQcView < 0 ? 0 : 1 - node.highValue,
  };
}

function tellStep(before: NodeState, after: NodeState, variant: Variant): string {
  const said: string[] = [];
  const [first, second] = variant.startsWith("single-phase")
    ? ["votes for", "votes for"]
    : ["sends PREPARE for", "sends COMMIT for"];
  if (after.hasRestarted && !before.hasRestarted) said.push("restarts and remembers nothing");
  if (after.view !== before.view && !after.hasRestarted) said.push(`enters view ${after.view}`);
  if (after.highQcView > before.highQcView)
    said.push(
      `sees the prepare certificate for ${VALUES[after.highValue]} of view ${after.highQcView}`,
    );
  for (const view of VIEWS) {
    for (const [value, name] of VALUES.entries()) {
      const isNew = (phase: "prepares" | "commits"): boolean =>
        (((after[phase] & ~before[phase]) >> (2 * view + value)) & 1) === 1;
      if (isNew("prepares")) said.push(`${first} ${name} in view ${view}`);
      if (isNew("commits")) said.push(`${second} ${name} in view ${view}`);
    }
    const claims = ((after.timeouts & ~before.timeouts) >> (4 * view)) & 15;
    for (let claim = 0; claim < 4; claim++)
      if ((claims >> claim) & 1)
        said.push(
          `gives up view ${view}, naming ${claim === 0 ? "no certificate" : `the certificate of view ${claim - 1}`}`,
        );
  }
  return said.join(", ") || "learns nothing new";
}
