import { createFlow, describeFlow, type Flow, type FlowOptions } from "./flow.ts";

/** Virtual milliseconds shown in one real second. */
const SPEED = 60;

function find<T extends Element>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

const number = (id: string): number => Number(find<HTMLInputElement>(`#${id}`).value);

let flow: Flow | undefined;
let timeMs = 0;
let last = 0;

function run(): void {
  const n = Math.max(1, Math.min(60, number("n")));
  const m = Math.max(1, Math.min(n, number("m")));
  const fault = find<HTMLSelectElement>("#fault").value as FlowOptions["fault"];
  flow = createFlow(find<SVGSVGElement>("svg"), { n, m, seed: number("seed"), fault });
  find("#summary").textContent = describeFlow(flow);
  find<HTMLInputElement>("#time").max = String(Math.ceil(flow.endMs));
  timeMs = 0;
}

function frame(now: number): void {
  const slider = find<HTMLInputElement>("#time");
  if (flow !== undefined) {
    const isPlaying = find<HTMLInputElement>("#play").checked;
    if (isPlaying) {
      const speed = SPEED * Math.max(1, flow.endMs / 1000);
      timeMs = (timeMs + ((now - last) / 1000) * speed) % (flow.endMs + 200);
      slider.value = String(timeMs);
    } else timeMs = Number(slider.value);
    flow.draw(timeMs);
    find("#clock").textContent = `${Math.round(timeMs)} ms`;
  }
  last = now;
  requestAnimationFrame(frame);
}

for (const id of ["n", "m", "seed", "fault"]) find(`#${id}`).addEventListener("change", run);
run();
requestAnimationFrame(frame);
