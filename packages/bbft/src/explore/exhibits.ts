/**
 * What can be shown to a validator: every proposal, certificate and timeout of the first views of
 * one height, for two values; and what it can suffer.
 *
 * The explorer decides from the votes that were really given whether one of them can exist; how it
 * is assembled from which signers is no concern of who sees it.
 */
import { VALIDATORS } from "./model.ts";

/** What a timeout certificate forces: a value with the claim that carries it; claim 0 nothing. */
export interface Binding {
  readonly claim: number;
  readonly value: number;
}

export type Exhibit =
  | {
      readonly type: "proposal";
      readonly view: number;
      readonly value: number;
      readonly by?: Binding;
    }
  | { readonly type: "prepare-qc"; readonly view: number; readonly value: number }
  | { readonly type: "commit-qc"; readonly view: number; readonly value: number }
  | { readonly type: "tc"; readonly view: number; readonly by: Binding }
  | {
      readonly type: "timeout";
      readonly signer: number;
      readonly view: number;
      readonly by: Binding;
    }
  /** The view lasts too long. */
  | { readonly type: "timer" }
  /** The process dies and comes back with what was flushed to its log. */
  | { readonly type: "restart" }
  /** It comes back with nothing. */
  | { readonly type: "amnesia" };

/** All exhibits up to a number of views. */
export function exhibitsUpTo(views: number): Exhibit[] {
  const exhibits: Exhibit[] = [{ type: "timer" }, { type: "restart" }, { type: "amnesia" }];
  for (let view = 0; view < views; view++) {
    for (const value of [0, 1]) {
      if (view === 0) exhibits.push({ type: "proposal", view, value });
      else
        for (const by of bindings(view - 1)) exhibits.push({ type: "proposal", view, value, by });
      exhibits.push({ type: "prepare-qc", view, value }, { type: "commit-qc", view, value });
    }
    if (view === views - 1) continue;
    for (const by of bindings(view)) {
      exhibits.push({ type: "tc", view, by });
      for (let signer = 0; signer < VALIDATORS; signer++)
        exhibits.push({ type: "timeout", signer, view, by });
    }
  }
  return exhibits;
}

/** Everything that a timeout certificate of a view can force. */
function bindings(view: number): Binding[] {
  const all: Binding[] = [{ claim: 0, value: 0 }];
  for (let claim = 1; claim <= view + 1; claim++)
    for (const value of [0, 1]) all.push({ claim, value });
  return all;
}

/** The same with the two values exchanged. */
export function mirrorExhibit(exhibit: Exhibit): Exhibit {
  if (!("view" in exhibit)) return exhibit;
  const mirrored = { ...exhibit };
  if ("value" in mirrored) Object.assign(mirrored, { value: 1 - mirrored.value });
  if ("by" in mirrored && mirrored.by !== undefined && mirrored.by.claim > 0)
    Object.assign(mirrored, { by: { ...mirrored.by, value: 1 - mirrored.by.value } });
  return mirrored;
}

/** An exhibit in words; the two values are A and B. */
export function describeExhibit(exhibit: Exhibit | undefined): string {
  if (exhibit === undefined) return "nothing";
  const value = (one: number): string => (one === 0 ? "A" : "B");
  const bound = ({ claim, value: one }: Binding): string =>
    claim === 0 ? "no certificate" : `certificate ${value(one)} of view ${claim - 1}`;
  switch (exhibit.type) {
    case "proposal": {
      const by = exhibit.by === undefined ? "" : ` after timeouts with ${bound(exhibit.by)}`;
      return `proposal ${value(exhibit.value)} of view ${exhibit.view}${by}`;
    }
    case "prepare-qc":
      return `prepare certificate ${value(exhibit.value)} of view ${exhibit.view}`;
    case "commit-qc":
      return `commit certificate ${value(exhibit.value)} of view ${exhibit.view}`;
    case "tc":
      return `timeout certificate of view ${exhibit.view} with ${bound(exhibit.by)}`;
    case "timeout":
      return `timeout ${exhibit.view} of ${exhibit.signer} with ${bound(exhibit.by)}`;
    case "timer":
      return "view timer";
    case "restart":
      return "restart from the log";
    case "amnesia":
      return "restart without memory";
    default:
      return exhibit satisfies never;
  }
}

const TYPES: readonly Exhibit["type"][] = [
  "proposal",
  "prepare-qc",
  "commit-qc",
  "tc",
  "timeout",
  "timer",
  "restart",
  "amnesia",
];

/** A number for an exhibit's content. */
export function codeOf(exhibit: Exhibit): number {
  let code = TYPES.indexOf(exhibit.type);
  if (!("view" in exhibit)) return code;
  const by = "by" in exhibit ? exhibit.by : undefined;
  const parts = [
    exhibit.view,
    "value" in exhibit ? exhibit.value : 0,
    "signer" in exhibit ? exhibit.signer : 0,
    by === undefined ? 0 : 1 + 2 * by.claim + by.value,
  ];
  for (const part of parts) code = code * 16 + part;
  return code;
}
