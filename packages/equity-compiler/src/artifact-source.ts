/** Artifacts as TypeScript, whose types the arguments are inferred from. */
import type { Artifact } from "./artifact.ts";

/**
 * A TypeScript module with the artifact, the contract made of it and the types of its arguments.
 *
 * @param importFrom where the module finds this package
 * @example
 * writeFileSync("offer.ts", artifactModule(artifactOf(contract)));
 */
export function artifactModule(
  artifact: Artifact,
  importFrom: string = "@bystack/equity-compiler",
): string {
  const { name } = artifact;
  const value = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  // Text separators are line ends in old JavaScript.
  const json = JSON.stringify(artifact, undefined, 2)
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return `// Written by equity build --ts from ${oneLine(artifact.file)}.
import {
  type ClauseArguments,
  type ClauseName,
  type Contract,
  type ContractArguments,
  contract,
} from ${JSON.stringify(importFrom)};

export const ${value}Artifact = ${json} as const;

/** The contract ${name}. */
export const ${value}Contract: Contract<typeof ${value}Artifact> = contract(${value}Artifact);

/** Arguments of ${name}. */
export type ${type}Arguments = ContractArguments<typeof ${value}Artifact>;

/** Names of the clauses of ${name}. */
export type ${type}Clause = ClauseName<typeof ${value}Artifact>;

/** Arguments of a clause of ${name}. */
export type ${type}ClauseArguments<Clause extends ${type}Clause> = ClauseArguments<
  typeof ${value}Artifact,
  Clause
>;
`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[^\P{Cc}]|[\u2028\u2029]/gu, " ");
}
