import { STAGES } from "../src/cli/stages.ts";
import { createFlow, describeFlow, type Flow, type FlowOptions } from "./flow.ts";

/** Virtual milliseconds shown in one real second, for a decision of less than a second. */
const SPEED = 30;
/** Validators that the picture has room for. */
const MAX_N = 60;
/** What is seen after the end before it starts again. */
const PAUSE_MS = 60;

function find<T extends Element>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

const slider = find<HTMLInputElement>("#time");
const play = find<HTMLButtonElement>("#play");

let flow: Flow | undefined;
let timeMs = 0;
let last = 0;
/** The newest entry of the list that is under way. */
let shown: HTMLElement | undefined;
// Who asked for less motion starts the film, or steps through it, by hand.
let isPlaying = !matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The number in a field, brought into its range; the page says so where it was another one. */
function number(id: string, name: string, high: number, notes: string[]): number {
  const field = find<HTMLInputElement>(`#${id}`);
  const given = field.value.trim();
  const value = Math.max(1, Math.min(high, Math.floor(Number(given)) || 1));
  if (given !== String(value))
    notes.push(`${name} is a whole number from 1 to ${high}; ${value} is used.`);
  field.value = String(value);
  field.max = String(high);
  return value;
}

function run(): void {
  const notes: string[] = [];
  const n = number("n", "N", MAX_N, notes);
  const m = number("m", "M", n, notes);
  const seed = number("seed", "The seed", 2 ** 31, notes);
  const fault = find<HTMLSelectElement>("#fault").value as FlowOptions["fault"];
  flow = createFlow(find<SVGSVGElement>("svg"), { n, m, seed, fault });
  find("#note").textContent = notes.join(" ");
  find("#summary").textContent = describeFlow(flow);
  slider.max = String(Math.ceil(flow.endMs));
  find("#steps").replaceChildren(
    ...flow.steps.map(({ text, stage, sentMs }) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.style.borderLeftColor = STAGES[stage]?.color ?? "#000";
      button.addEventListener("click", () => goTo(sentMs));
      item.append(button);
      return item;
    }),
  );
  timeMs = 0;
  show();
}

/** Stops at a moment. */
function goTo(ms: number): void {
  setPlaying(false);
  timeMs = ms;
  show();
}

function setPlaying(value: boolean): void {
  isPlaying = value;
  play.textContent = value ? "Pause" : "Play";
}

function show(): void {
  if (flow === undefined) return;
  flow.draw(timeMs);
  slider.value = String(timeMs);
  slider.setAttribute("aria-valuetext", `${Math.round(timeMs)} milliseconds`);
  find("#clock").textContent = `${Math.round(timeMs)} ms`;
  const list = find<HTMLOListElement>("#steps");
  let newest: HTMLElement | undefined;
  for (const [at, { sentMs, endMs }] of flow.steps.entries()) {
    const item = list.children[at];
    const isNow = sentMs <= timeMs && timeMs < endMs;
    item?.classList.toggle("now", isNow);
    if (isNow && item instanceof HTMLElement) newest = item;
  }
  if (newest !== shown) keepInSight(list, newest);
  shown = newest;
}

/** Scrolls the list alone: `scrollIntoView` would move the page away from the picture. */
function keepInSight(list: HTMLElement, item: HTMLElement | undefined): void {
  if (item === undefined) return;
  const top = item.offsetTop - list.offsetTop;
  const bottom = top + item.offsetHeight;
  if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  if (top < list.scrollTop) list.scrollTop = top;
}

/** To the next or the last moment at which somebody sends. */
function step(direction: 1 | -1): void {
  const moments = [...new Set(flow?.steps.map(({ sentMs }) => sentMs)), flow?.endMs ?? 0];
  const next =
    direction === 1 ? moments.find((ms) => ms > timeMs) : moments.findLast((ms) => ms < timeMs);
  goTo(next ?? (direction === 1 ? (flow?.endMs ?? 0) : 0));
}

function frame(now: number): void {
  if (flow !== undefined && isPlaying) {
    const speed = SPEED * Math.max(1, flow.endMs / 500);
    timeMs = (timeMs + ((now - last) / 1000) * speed) % (flow.endMs + PAUSE_MS);
    show();
  }
  last = now;
  requestAnimationFrame(frame);
}

for (const id of ["n", "m", "seed", "fault"]) find(`#${id}`).addEventListener("change", run);
play.addEventListener("click", () => setPlaying(!isPlaying));
find("#back").addEventListener("click", () => step(-1));
find("#forward").addEventListener("click", () => step(1));
slider.addEventListener("input", () => goTo(Number(slider.value)));
for (const { name, color } of Object.values(STAGES)) {
  const item = document.createElement("li");
  const mark = document.createElement("span");
  mark.style.background = color;
  item.append(mark, name);
  find("#key").append(item);
}
run();
setPlaying(isPlaying);
requestAnimationFrame(frame);
