import { isNotRun } from "../../claims/card.ts";
import { stabilityOf } from "../../claims/evidence/stability.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { nature } from "../../lenses/curvature/about.ts";
import { analyseCurvature, type CurvatureAnalysis } from "../../lenses/curvature/analyse.ts";
import { influenceClaimId } from "../../lenses/curvature/claims/influence-claim.ts";
import { curvatureFindings } from "../../lenses/curvature/findings.ts";
import type { CurvatureOptions } from "../../lenses/curvature/prepare.ts";
import type { CurvatureSubject } from "../../lenses/curvature/subject.ts";
import type { Section } from "../contract.ts";
import type { NetworkRecipe } from "./network-job.ts";
import type { PhasesOptions } from "./params.ts";
import { retrainInWorkers } from "./retrain-job.ts";
import type { ShuffledLabels } from "./shuffled-labels.ts";

/** A look at one network through the curvature lens. */
export interface Look {
  section: Section;
  analysis: CurvatureAnalysis;
}

/** The lens's options among the study's. */
export function lensOptions(options: PhasesOptions): CurvatureOptions {
  const entries = Object.entries(nature.params).map(([name, { default: usual }]) => [
    name,
    name in options ? options[name as keyof PhasesOptions] : usual,
  ]);
  return Object.fromEntries(entries) as CurvatureOptions;
}

/** Looks at a network; retraining goes to worker threads. */
export async function lookAt(
  subject: CurvatureSubject,
  recipe: NetworkRecipe,
  options: CurvatureOptions,
  context: { task: Task; random: Random; threads: number; title: string },
): Promise<Look> {
  const { task, random, threads, title } = context;
  const parameters = subject.source.parameters!;
  const analysis = await analyseCurvature(
    subject,
    options,
    { task, random },
    { retrainMany: retrainInWorkers(recipe, parameters, threads) },
  );
  const findings = curvatureFindings(subject, analysis, options);
  return { section: { title, asked: nature.question, ...findings }, analysis };
}

/**
 * The claims with the null of shuffled labels added to those about influence.
 * @param of the subject of the claims, and the test set whose groups were shuffled
 */
export function withShuffledLabels(
  claims: readonly ClaimWithCard[],
  shuffled: readonly ShuffledLabels[],
  of: { subject: { id: string }; set: { name: string } },
): ClaimWithCard[] {
  const tests = new Map(
    shuffled.map(({ group, test }) => [influenceClaimId(of.subject, of.set, group), test]),
  );
  return claims.map(({ claim, card }) => {
    const test = tests.get(claim.id);
    if (!test) return { claim, card };
    return { claim, card: { ...card, null: [...(isNotRun(card.null) ? [] : card.null), test] } };
  });
}

/** The claims with their agreement over networks from other starts. */
export function withSeeds(
  claims: readonly ClaimWithCard[],
  others: readonly (readonly ClaimWithCard[])[],
): ClaimWithCard[] {
  if (others.length === 0) return [...claims];
  return claims.map(({ claim, card }) => {
    const versions = others.flatMap((list) => list.find((other) => other.claim.id === claim.id)?.claim ?? []);
    if (versions.length === 0) return { claim, card };
    return { claim, card: { ...card, stability: [stabilityOf([claim, ...versions], "seeds")] } };
  });
}
