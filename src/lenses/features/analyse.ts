import type { Faithfulness, NullTest } from "../../claims/card.ts";
import { nullTest } from "../../claims/nulls/null-test.ts";
import type { Values } from "../../core/params.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { exceedancePValue } from "../../stats/exceedance.ts";
import { ablateComponent } from "./ablate-component.ts";
import type { nature } from "./about.ts";
import {
  type CumulativeError,
  cumulativeError,
  type FallOverThree,
  fallOverThree,
} from "./cumulative-error.ts";
import { type Decomposition, decompose } from "./decompose.ts";
import { type Comparison, matchTerms, strongest, type TermMatch } from "./match.ts";
import { matchNulls, type NullDraws, overAllTerms } from "./match-nulls.ts";
import { type CandidateTerm, checkSubject, type FeatureSubject, labelOf } from "./subject.ts";

/** A term's best component in one comparison, and what chance gives. */
export interface BestMatch {
  comparison: Comparison;
  /** Counted from 0. */
  component: number;
  /** With its sign: positive where the component adds to the output as the term's values do. */
  rho: number;
  /** The largest |ρ| over the components against each null model. */
  permutation: NullTest;
  field: NullTest;
  /** Each component's |ρ| against the random fields' largest. */
  p: Float64Array;
  /** Adjusted over all terms and components, against random fields. */
  family: number;
  /** Correlation length of what was compared, in steps of the chart. */
  length: number;
}

/** What was found of one term. */
export interface MatchedTerm extends Omit<TermMatch, "raw" | "detrended"> {
  raw: BestMatch;
  detrended: BestMatch | undefined;
  /**
   * The comparison that decides: a smooth term is judged as it is, for among smooth terms little is left of it; any
   * other is judged with the smooth trends projected out.
   */
  decisive: BestMatch;
  /** The decisive component taken out. */
  ablation: Faithfulness;
}

/** Everything the features lens computes. */
export interface FeatureAnalysis {
  decomposition: Decomposition;
  error: CumulativeError;
  falls: { truncation: FallOverThree; leastSquares: FallOverThree };
  terms: MatchedTerm[];
}

/**
 * Splits the output over the principal components of the last layer and holds each against each term of a theory.
 * @throws UserError for a subject that cannot be looked at.
 */
export async function analyseFeatures(
  subject: FeatureSubject,
  options: Values<typeof nature.params>,
  { task, random }: { task: Task; random: Random },
): Promise<FeatureAnalysis> {
  checkSubject(subject);
  const { rows, cols } = subject.rows;
  const decomposition = decompose(subject, Math.min(options.components, rows - 1, cols));
  const error = cumulativeError(decomposition, subject.target);
  task.report(0.05, "principal components");
  task.check();
  const matches = matchTerms(subject.terms, decomposition.contributions);
  const entries = matches.flatMap(({ term, raw, detrended }): Entry[] => [
    { term, mode: "raw", comparison: raw },
    ...(detrended ? [{ term, mode: "detrended" as const, comparison: detrended }] : []),
  ]);
  const nulls = await matchNulls(
    entries.map(({ comparison }) => comparison),
    { x: subject.x.values, y: subject.y.values },
    { rounds: options.nulls },
    { task: task.part(0.05, 1), random: random.fork("matches") },
  );
  const family = familyP(entries, nulls.field);
  const best = entries.map((entry, k) =>
    bestOf(entry, { permutation: nulls.permutation[k]!, field: nulls.field[k]!, family: family[k]! }),
  );
  const terms = matches.map((match): MatchedTerm => {
    const [raw, detrended] = best.filter((_, k) => entries[k]!.term === match.term) as [
      BestMatch,
      BestMatch?,
    ];
    const decisive = match.term.smooth ? raw : (detrended ?? raw);
    const stream = random.fork("ablation", match.term.name);
    const ablation = ablateComponent(subject, decomposition, decisive.component, stream);
    return { ...match, raw, detrended, decisive, ablation };
  });
  return {
    decomposition,
    error,
    falls: { truncation: fallOverThree(error.truncation), leastSquares: fallOverThree(error.leastSquares) },
    terms,
  };
}

interface Entry {
  term: CandidateTerm;
  mode: "raw" | "detrended";
  comparison: Comparison;
}

function bestOf(
  { term, mode, comparison }: Entry,
  { permutation, field, family }: { permutation: NullDraws; field: NullDraws; family: number },
): BestMatch {
  const component = strongest(comparison.rho);
  const rho = comparison.rho[component]!;
  const rounds = field.values.length;
  const how = mode === "detrended" ? ", smooth trends projected out of both" : "";
  const statistic = `largest |Pearson correlation| of the ${labelOf(term)} term over ${comparison.rho.length} components${how}`;
  return {
    comparison,
    component,
    rho,
    permutation: nullTest(Math.abs(rho), permutation.values, {
      statistic,
      name: "permuted samples",
      cost: `${rounds} draws, each one shuffle and its correlations`,
      reference: "Freedman & Lane, J. Bus. Econ. Stat. 1 (1983) 292",
    }),
    field: nullTest(Math.abs(rho), field.values, {
      statistic,
      name: "random fields of equal smoothness",
      cost: `${rounds} draws, each one random field and its correlations`,
      reference: "Viladomat et al., Biometrics 70 (2014) 409",
    }),
    p: comparison.rho.map((value) => exceedancePValue(Math.abs(value), field.values)),
    family,
    length: field.length,
  };
}

/** p over all terms, among the comparisons of the same mode. */
function familyP(entries: readonly Entry[], fields: readonly NullDraws[]): number[] {
  const p = entries.map(() => 1);
  for (const mode of ["raw", "detrended"] as const) {
    const members = entries.map((_, k) => k).filter((k) => entries[k]!.mode === mode);
    const observed = members.map((k) => Math.max(...entries[k]!.comparison.rho.map(Math.abs)));
    const adjusted = overAllTerms(
      observed,
      members.map((k) => fields[k]!),
    );
    members.forEach((k, i) => {
      p[k] = adjusted[i]!;
    });
  }
  return p;
}
