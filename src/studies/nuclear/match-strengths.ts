import { decompose } from "../../lenses/features/decompose.ts";
import { featuresLens } from "../../lenses/features/lens.ts";
import { decisive, matchTerms, strongest } from "../../lenses/features/match.ts";
import { featureSubject } from "./feature-subject.ts";

/** The terms whose matches with the last layer become claims. */
export const claimedTerms = ["volume", "pairing", "asymmetry", "shell"] as const;

/** Principal components of a last layer that are held against the terms. */
export function componentsOf({ rows: { rows, cols } }: Awaited<ReturnType<typeof featureSubject>>): number {
  return Math.min(featuresLens.params.components.default, rows - 1, cols);
}

/**
 * What each claim of a match is tested by, as a function of one network: the largest |ρ| of a component of its last
 * layer with the term, as the features lens has it; by the claim's id.
 */
export async function matchStrengths(
  options: Omit<Parameters<typeof featureSubject>[0], "references">,
): Promise<Record<string, number>> {
  const subject = await featureSubject({ ...options, references: [] });
  const { contributions } = decompose(subject, componentsOf(subject));
  const matches = matchTerms(subject.terms, contributions);
  return Object.fromEntries(
    claimedTerms.map((name) => {
      const { rho } = decisive(matches.find(({ term }) => term.name === name)!);
      return [`match.${name}`, Math.abs(rho[strongest(rho)]!)];
    }),
  );
}
