import type { Suite } from "../runner.ts";
import { verify } from "./verify.ts";

export const suite: Suite = { verify };
