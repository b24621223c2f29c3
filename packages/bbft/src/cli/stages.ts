/** What the messages of a decision carry, as pictures and pages name and color it. */
export const STAGES: {
  readonly [stage: string]: { readonly name: string; readonly color: string };
} = {
  distribute: { name: "proposal", color: "#3558b0" },
  vote: { name: "vote", color: "#2f8a3f" },
  exchange: { name: "votes of a whole tree", color: "#c07d00" },
  "finalize-a": { name: "certificate to gateways", color: "#c8372d" },
  finalize: { name: "certificate to members", color: "#1f8fb8" },
  recovery: { name: "recovery", color: "#777777" },
};

/** Kind of a message of the second phase. */
export const COMMIT_KIND = 2;
