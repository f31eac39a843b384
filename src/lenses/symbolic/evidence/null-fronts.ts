import type { NullTest } from "../../../claims/card.ts";
import { nullTest } from "../../../claims/nulls/null-test.ts";
import type { Random } from "../../../core/random.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { variance } from "../../../stats/describe.ts";
import { exceedancePValue } from "../../../stats/exceedance.ts";
import { quantile } from "../../../stats/quantile.ts";
import { withTargets } from "../rows.ts";
import type { SearchOutcome, SearchRequest, SearchSettings } from "../runner.ts";
import type { Front, SearchProblem } from "../search/contract.ts";
import { resolution } from "../selection/assess.ts";
import { type Choice, choose, type Rule } from "../selection/choose.ts";
import { dealings, dealtOrder, type RowKind } from "./deal.ts";

/** The reruns of the whole search on targets dealt out anew, and where the true front lies among them. */
export interface NullFronts {
  /** Complexities 1 … the largest. */
  complexities: number[];
  /** The smallest loss up to each complexity: of the true front, and quantiles over the reruns. */
  observed: Float64Array;
  low: Float64Array;
  median: Float64Array;
  high: Float64Array;
  /** (1 + reruns that reach the loss at this complexity)/(B + 1). */
  p: Float64Array;
  rounds: number;
  /** The chosen formula's nats saved, and its loss at its complexity, against the reruns. */
  tests: [NullTest, NullTest];
  /** Nats saved by each rerun's own choice. */
  saved: Float64Array;
}

/**
 * The searches of the null: the same budget, on targets that are dealt out anew among the rows (each with its error) as
 * rows of their kind allow. Their names count from `from`, so that more can be asked for later.
 */
export function nullRequests(
  problem: SearchProblem,
  settings: SearchSettings,
  {
    from = 0,
    rounds,
    rows = "independent",
    random,
  }: { from?: number; rounds: number; rows?: RowKind; random: Random },
): SearchRequest[] {
  return Array.from({ length: rounds }, (_, k) => {
    const stream = random.fork("null", dealings[rows].name, from + k);
    return {
      name: `null-${from + k}`,
      problem: withTargets(problem, dealtOrder(rows, problem.target.length, stream)),
      settings,
      seed: stream.int(2 ** 31 - 1),
    };
  });
}

/** What a rerun says: the nats that its own choice saves, and its front's loss up to each complexity. */
export function nullDraw(
  front: Front,
  problem: SearchProblem,
  options: { rule: Rule; most: number; operators: OperatorSet },
): { saved: number; losses: Float64Array } {
  return {
    saved: choose(front, problem, options).saved,
    losses: staircase(front, problem, options.most),
  };
}

/** The smallest loss of a member up to each complexity 1 … most, not below the resolution. */
export function staircase(front: Front, { target }: SearchProblem, most: number): Float64Array {
  const spread = variance(target, 0);
  let member = 0;
  let least = spread;
  return Float64Array.from({ length: most }, (_, k) => {
    while (member < front.length && front[member]!.complexity <= k + 1) {
      least = Math.min(least, front[member++]!.loss);
    }
    return Math.max(least, resolution ** 2 * spread);
  });
}

/**
 * The true front among the fronts of the reruns. The first test repeats the choice in every rerun: it pays for the
 * search, for scanning the front and for choosing, and asks how many nats of description length are saved against a
 * constant. The second compares losses at the chosen formula's complexity. p = (1 + exceedances)/(B + 1), never below
 * its floor 1/(B + 1) (Phipson & Smyth 2010).
 */
export function nullFronts(
  { choice, front }: { choice: Choice; front: Front },
  problem: SearchProblem,
  reruns: readonly { outcome: SearchOutcome; problem: SearchProblem }[],
  { most, operators, rows = "independent" }: { most: number; operators: OperatorSet; rows?: RowKind },
): NullFronts {
  const { rule, candidates, chosen, saved } = choice;
  const draws = reruns.map(({ outcome, problem: dealt }) =>
    nullDraw(outcome.front, dealt, { rule, most, operators }),
  );
  const observed = staircase(front, problem, most);
  const at = (k: number) => draws.map(({ losses }) => losses[k]!);
  const over = (share: number) => observed.map((_, k) => quantile(at(k), share));
  const p = observed.map((loss, k) =>
    exceedancePValue(
      -loss,
      at(k).map((value) => -value),
    ),
  );
  const complexity = Math.min(most, candidates[chosen]!.complexity);
  const own = observed[complexity - 1]!;
  const spread = variance(problem.target, 0) || 1;
  const gain = (loss: number) => 0.5 * Math.log(spread / loss) || 0;
  const { name, reference } = dealings[rows];
  const cost = `one search of the same budget on ${name}`;
  const words = { cost: `${draws.length} draws, each ${cost}`, reference };
  const allSaved = Float64Array.from(draws, (draw) => draw.saved);
  return {
    complexities: Array.from(observed, (_, k) => k + 1),
    observed,
    low: over(0.05),
    median: over(0.5),
    high: over(0.95),
    p,
    rounds: draws.length,
    saved: allSaved,
    tests: [
      nullTest(saved, allSaved, {
        ...words,
        name,
        statistic: "nats of description length saved against a constant by the formula chosen",
      }),
      nullTest(gain(own), Float64Array.from(at(complexity - 1), gain), {
        ...words,
        name: `${name}, at one complexity`,
        statistic: `ln(deviation of the target/RMS error) of the best formula up to complexity ${complexity}`,
      }),
    ],
  };
}
