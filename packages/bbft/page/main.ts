import { createFlow, describeFlow, type Flow, type FlowOptions, STAGES } from "./flow.ts";

/** Virtual milliseconds shown in one real second, for a decision of less than a second. */
const SPEED = 30;
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
// Who asked for less motion starts the film, or steps through it, by hand.
let isPlaying = !matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The number in a field, brought into its range; the field shows what is used. */
function number(id: string, high: number): number {
  const field = find<HTMLInputElement>(`#${id}`);
  const value = Math.max(1, Math.min(high, Math.floor(Number(field.value)) || 1));
  field.value = String(value);
  field.max = String(high);
  return value;
}

function run(): void {
  const n = number("n", 60);
  const m = number("m", n);
  const fault = find<HTMLSelectElement>("#fault").value as FlowOptions["fault"];
  flow = createFlow(find<SVGSVGElement>("svg"), { n, m, seed: number("seed", 2 ** 31), fault });
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
  const items = find("#steps").children;
  for (const [at, { sentMs, endMs }] of flow.steps.entries())
    items[at]?.classList.toggle("now", sentMs <= timeMs && timeMs < endMs);
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
