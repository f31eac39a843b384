import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import { type Diagnostic, emptyFindings, type Findings } from "../contract.ts";
import { note, warning } from "../diagnostic.ts";
import type { LandscapeAnalysis } from "./analysis.ts";
import { countClaim } from "./claims/count-claim.ts";
import { featureRecall, relevanceClaim } from "./claims/relevance-claim.ts";
import { drawLandscape } from "./draw.ts";
import { classifierFormulas, formulas } from "./formulas.ts";
import { landscapeMetrics } from "./metrics.ts";
import type { LandscapeOptions } from "./options.ts";
import type { LandscapeSubject } from "./subject.ts";
import { minimaTable, permutationTable, scoresTable } from "./tables.ts";

/** An analysis as findings: numbers, pictures, tables, diagnostics, sentences and claims. */
export function landscapeFindings(
  subject: LandscapeSubject,
  analysis: LandscapeAnalysis,
  options: LandscapeOptions,
  { random }: { random: Random },
): Findings {
  const { look } = analysis;
  const claims: ClaimWithCard[] = [
    ...(look ? [relevanceClaim(subject, analysis, { random: random.fork("claims") })] : []),
    countClaim(subject, analysis),
  ];
  return {
    ...emptyFindings(),
    metrics: landscapeMetrics(subject, analysis),
    figures: drawLandscape(subject, analysis),
    tables: [
      minimaTable(subject, analysis),
      ...(look ? [permutationTable(subject, look), scoresTable(subject, look)] : []),
    ],
    formulas: subject.classifier ? [...formulas, ...classifierFormulas] : formulas,
    diagnostics: diagnosticsOf(subject, analysis, options),
    summary: summaryOf(subject, analysis),
    claims,
  };
}

function diagnosticsOf(
  subject: LandscapeSubject,
  analysis: LandscapeAnalysis,
  options: LandscapeOptions,
): Diagnostic[] {
  const { network, tree, completeness, refusal, look, group, exploration } = analysis;
  const out: Diagnostic[] = [
    note(
      "Numbers of minima and transition states are lower bounds: every point is certified, but no search proves that there are no more.",
    ),
  ];
  const apart = tree.roots.length - 1;
  if (apart > 0) {
    out.push(
      warning(
        `${apart} component${apart === 1 ? " is" : "s are"} not connected to the global minimum of ${subject.title} by any transition state found: barriers to them are unknown, not infinite.`,
      ),
    );
  }
  if (completeness && completeness.interval[1] > 1.5 * completeness.seen) {
    out.push(
      warning(
        `The walkers of ${subject.title} met ${completeness.seen} minima, and capture–recapture cannot exclude ${Math.ceil(completeness.interval[1])} within their reach: search longer before counting on what is not there.`,
      ),
    );
  }
  const refused = Object.entries(exploration?.refused ?? {});
  if (refused.length > 0) {
    out.push(
      warning(
        `Quenches of ${subject.title} that could not be certified: ${refused.map(([reason, count]) => `${count} × ${reason}`).join(", ")}. Flat directions ask for regularisation of every weight.`,
      ),
    );
  }
  if (!analysis.heat && network.minima.length > 1) {
    out.push(note("No superposition of minima: they differ in the number of their flat directions."));
  }
  if (refusal !== undefined) out.push(warning(refusal));
  if (!look) return out;
  const { controls, statistics } = look;
  if (options.least < 10) {
    out.push(
      warning(
        `Groups of ${options.least} minima were allowed; fewer than ten have ranked noise above signal.`,
      ),
    );
  }
  if (options.shuffles < 200 || options.randomSets < 40) {
    out.push(
      warning(
        `${options.shuffles} shuffles and ${options.randomSets} random sets are fewer than the 200 and 40 that results should rest on.`,
      ),
    );
  }
  const { magnitude, lowcv, rawvariance } = controls.scores;
  if (magnitude.shuffled.mean <= lowcv.shuffled.mean) {
    out.push(
      note(
        `Shuffling the largest weights leaves an AUC of ${say(magnitude.shuffled.mean)}, no more than the conserved ones' ${say(lowcv.shuffled.mean)}: size alone is as good a choice here.`,
      ),
    );
  }
  if (rawvariance.shuffled.mean > controls.random.shuffled.mean) {
    out.push(
      note(
        `Weights of the lowest raw deviation matter less than random ones (AUC ${say(rawvariance.shuffled.mean)}): regularisation shrinks what is not used to zero in every minimum.`,
      ),
    );
  }
  const turned = Array.from(controls.sets.lowcv).filter((i) => statistics.signs[i]! < 1).length;
  if (turned > 0) {
    out.push(
      note(`${turned} of the ${look.count} conserved weights change sign in some minimum of the group.`),
    );
  }
  if (group.minima.length === network.minima.length) {
    out.push(
      note(
        "The group holds all minima that were found, so it cannot be held against random groups of as many.",
      ),
    );
  }
  return out;
}

function summaryOf(subject: LandscapeSubject, analysis: LandscapeAnalysis): string[] {
  const { network, group, completeness, look, refusal, basins } = analysis;
  const { title } = subject;
  const reach =
    completeness && completeness.estimate > network.minima.length
      ? ` (capture–recapture: at least ${Math.ceil(completeness.estimate)} within the walkers' reach)`
      : "";
  const out = [
    `${title}: ${count(network.minima.length, "certified minimum", "certified minima")}${reach} and ${count(network.saddles.length, "transition state", "transition states")} in ${basins.groups.length} monotonic sequence basin${basins.groups.length === 1 ? "" : "s"}; the ${group.name} has ${group.minima.length}.`,
  ];
  if (look) {
    const { controls, scores } = look;
    const { names, relevant } = subject.classifier!;
    const order = Array.from(names.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
    const right =
      relevant && relevant.length > 0
        ? ` ${Math.round(100 * featureRecall(scores, relevant))} % of the ${relevant.length} features that carry the label are among as many highest.`
        : "";
    out.push(
      `Shuffling its ${look.count} conserved input weights lowers the held-out AUC from ${say(controls.base)} to ${say(controls.scores.lowcv.shuffled.mean)}; random sets leave ${say(controls.random.shuffled.mean)} ± ${say(controls.random.shuffled.sd)}, the largest weights ${say(controls.scores.magnitude.shuffled.mean)}, the largest margin gradients ${say(controls.scores.gradient.shuffled.mean)}. Features by conserved weights: ${order.map((k) => names[k]).join(", ")}.${right}`,
    );
  }
  if (refusal !== undefined) out.push(`Nothing is said of the weights: ${refusal}.`);
  return out;
}

function say(value: number): string {
  return value.toFixed(3);
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
