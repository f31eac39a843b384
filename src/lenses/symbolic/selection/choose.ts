import { complexity } from "../../../expressions/complexity.ts";
import { constant, type Expression } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { variance } from "../../../stats/describe.ts";
import type { Front, FrontMember, SearchProblem } from "../search/contract.ts";
import { type Assessment, assessor, resolution } from "./assess.ts";
import { refitter } from "./refit.ts";
import { roundConstants } from "./round-constants.ts";

/** The rules by which one member of a front can be taken. */
export const rules = ["description length", "score", "bic"] as const;
export type Rule = (typeof rules)[number];

/** A member of a front with what the rules say of it. */
export interface Candidate extends FrontMember {
  assessment: Assessment;
  /** −Δln loss/Δcomplexity from the member before it, not below 0 (PySR's score); 0 for the first. */
  score: number;
  /** Too many constants for the rows: no rule takes it. */
  saturated: boolean;
}

export interface Choice {
  /** Rising complexity. */
  candidates: Candidate[];
  /** Index of the member that each rule takes. */
  picks: Record<Rule, number>;
  rule: Rule;
  /** Index of the member that is taken: `picks[rule]`. */
  chosen: number;
  /** Do the rules take different members? */
  disagree: boolean;
  /** Members whose description length is within 2 nats of the shortest: data that cannot tell them apart. */
  close: number[];
  /** Nats by which the chosen one is shorter than a constant; 0 if the constant is the choice. */
  saved: number;
}

/**
 * Takes one member of a front. Default: the shortest description length (see `assessor`), which pays for structure,
 * constants to the precision that the data give them, and residuals; in comparisons it has the highest chance of the
 * true expression on noisy data, and is best applied after the search (Kronberger et al. 2026, arXiv 2605.22374).
 * Beside it PySR's: the highest score among members with a loss of at most 1.5 times the smallest (Cranmer 2023,
 * arXiv 2305.01582), and the lowest BIC (Schwarz 1978). Losses below `resolution`² times the target's variance count
 * as that. Members with more than n − 2 constants are not taken, and the constant is always a candidate.
 *
 * Before that each member is offered with its constants rounded where the data allow it (`roundConstants`); of one
 * complexity the shorter description stays, and what is not more accurate than a simpler one goes.
 */
export function choose(
  front: Front,
  problem: SearchProblem,
  options: { rule?: Rule; operators?: OperatorSet } = {},
): Choice {
  const { rule = "description length", operators = standardOperators } = options;
  const n = problem.target.length;
  const floor = resolution ** 2 * (variance(problem.target, 0) || 1);
  const members = roundedFront(withConstant(front, problem), problem, operators);
  const log = members.map(({ loss }) => Math.log(Math.max(loss, floor)));
  const candidates = members.map((member, i): Candidate => {
    const step = i === 0 ? 1 : Math.max(1, member.complexity - members[i - 1]!.complexity);
    return {
      ...member,
      score: i === 0 ? 0 : Math.max(0, (log[i - 1]! - log[i]!) / step),
      saturated: member.assessment.parameters > Math.max(1, n - 2),
    };
  });
  const open = candidates.flatMap(({ saturated }, i) => (saturated ? [] : [i]));
  const least = (of: (candidate: Candidate) => number, among = open) =>
    among.reduce((best, i) => (of(candidates[i]!) < of(candidates[best]!) ? i : best), among[0]!);
  const length = ({ assessment }: Candidate) => assessment.descriptionLength.total;
  const smallest = Math.min(...open.map((i) => log[i]!));
  const good = open.filter((i) => log[i]! <= smallest + Math.log(1.5));
  const picks = {
    "description length": least(length),
    score: least(({ score }) => -score, good),
    bic: least(({ assessment }) => assessment.bic),
  };
  const shortest = length(candidates[picks["description length"]]!);
  const chosen = picks[rule];
  return {
    candidates,
    picks,
    rule,
    chosen,
    disagree: new Set(Object.values(picks)).size > 1,
    close: open.filter((i) => length(candidates[i]!) <= shortest + 2),
    saved: Math.max(0, length(candidates[0]!) - length(candidates[chosen]!)),
  };
}

/** The front with the best constant as its first member, where it has none of that complexity. */
export function withConstant(front: Front, { target, weights }: SearchProblem): FrontMember[] {
  if (front[0] !== undefined && front[0].complexity <= 1 && front[0].expression.kind === "constant") {
    return [...front];
  }
  let sum = 0;
  let all = 0;
  target.forEach((y, i) => {
    sum += (weights?.[i] ?? 1) * y;
    all += weights?.[i] ?? 1;
  });
  const mean = sum / all;
  const loss = target.reduce((s, y, i) => s + ((weights?.[i] ?? 1) * (y - mean) ** 2) / all, 0);
  const rest = front.filter((member) => member.loss < loss);
  return [{ expression: constant(mean), complexity: 1, loss }, ...rest];
}

/** The front with its members assessed, rounded where that is shorter, one for each complexity. */
function roundedFront(
  front: readonly FrontMember[],
  problem: SearchProblem,
  operators: OperatorSet,
): (FrontMember & { assessment: Assessment })[] {
  const tool = assessor(problem, operators);
  const assess = (expression: Expression) => (tool.finite(expression) ? tool.assess(expression) : undefined);
  const refit = refitter(problem, operators, tool.engine);
  const total = (problem.weights ?? problem.target.map(() => 1)).reduce((sum, w) => sum + w, 0);
  const found = new Map<number, FrontMember & { assessment: Assessment }>();
  const offer = (member: FrontMember & { assessment: Assessment }) => {
    const other = found.get(member.complexity);
    const length = (m: { assessment: Assessment }) => m.assessment.descriptionLength.total;
    if (other === undefined || length(member) < length(other)) found.set(member.complexity, member);
  };
  for (const member of front) {
    const assessment = assess(member.expression);
    if (assessment === undefined) continue;
    offer({ ...member, assessment });
    const rounded = roundConstants(assessment, { assess, refit, operators });
    if (rounded === assessment) continue;
    offer({
      ...member,
      expression: rounded.expression,
      complexity: complexity(rounded.expression, { operators }),
      loss: rounded.squares / total,
      assessment: rounded,
    });
  }
  const sorted = [...found.values()].sort((a, b) => a.complexity - b.complexity);
  return sorted.filter((member, i) => i === 0 || sorted.slice(0, i).every((m) => m.loss > member.loss));
}
