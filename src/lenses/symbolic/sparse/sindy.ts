import { UserError } from "../../../core/errors.ts";
import { call, constant, type Expression } from "../../../expressions/expression.ts";
import { print } from "../../../expressions/print.ts";
import { simplify } from "../../../expressions/simplify.ts";
import type { DynamicsData } from "./data.ts";
import { type Ensemble, ensemble } from "./ensemble.ts";
import type { Library } from "./library.ts";
import { sumOfMoments } from "./normal.ts";
import type { SparseOptions } from "./options.ts";
import { sparseProblem } from "./problem.ts";
import { thresholdedLeastSquares } from "./stlsq.ts";

/** A term that a sparse regression chose. */
export interface SparseTerm {
  /** Its place in the library. */
  index: number;
  term: Expression;
  coefficient: number;
  /** Standard deviation of the coefficient over the resamples that chose the term; NaN without an ensemble. */
  spread: number;
  /** Share of the resamples that chose it; NaN without an ensemble. */
  inclusion: number;
  /** Why not to believe it, in words; empty where nothing speaks against it. */
  flags: string[];
}

/** One equation of the dynamics, ẋ = Σ c·θ(x). */
export interface SparseEquation {
  /** "dx/dt". */
  target: string;
  terms: SparseTerm[];
  /** The right-hand side over the states. */
  expression: Expression;
  /** The same as text, six digits. */
  text: string;
  /** Terms that were not chosen, though more than a twentieth of the resamples chose them. */
  alternatives: { index: number; term: Expression; inclusion: number }[];
}

export interface SparseDynamics {
  library: Library;
  equations: SparseEquation[];
  rates: NonNullable<SparseOptions["rates"]>;
}

/**
 * Sparse identification of nonlinear dynamics: which few of the library's terms give the rates of change, by
 * sequentially thresholded least squares; an ensemble over resampled stretches of rows says how often each term would
 * be chosen (E-SINDy, Fasel et al., Proc. R. Soc. A 478 (2022) 20210904). Terms are flagged that too few resamples
 * choose, or whose coefficient is smaller than three of its standard deviations.
 * @throws UserError as the parts: derivatives, library, dependent terms.
 */
export function sindy(data: DynamicsData, options: SparseOptions = {}): SparseDynamics {
  const { rounds = 200, random, inclusion: least = 0.95 } = options;
  const { library, parts, rates } = sparseProblem(data, options);
  const { gram, right } = sumOfMoments(parts);
  const fits = right.map((moments) => thresholdedLeastSquares(gram, moments, options));
  if (rounds > 0 && !random) {
    throw new UserError(
      "sindy: an ensemble needs a random stream; expected the option `random`, or rounds = 0",
    );
  }
  const drawn = rounds > 0 ? ensemble(parts, { ...options, rounds, random: random! }) : undefined;
  return {
    library,
    rates,
    equations: fits.map((coefficients, k) =>
      equation(`d${data.names[k]}/dt`, coefficients, {
        library,
        names: data.names,
        least,
        drawn: drawn?.[k],
      }),
    ),
  };
}

function equation(
  target: string,
  coefficients: Float64Array,
  how: { library: Library; names: readonly string[]; least: number; drawn: Ensemble | undefined },
): SparseEquation {
  const { library, names, least, drawn } = how;
  const terms: SparseTerm[] = [];
  const alternatives: SparseEquation["alternatives"] = [];
  library.forEach((term, index) => {
    const inclusion = drawn?.inclusion[index] ?? Number.NaN;
    const coefficient = coefficients[index]!;
    if (coefficient === 0) {
      if (inclusion > 0.05) alternatives.push({ index, term, inclusion });
      return;
    }
    const spread = drawn?.spread[index] ?? Number.NaN;
    const flags: string[] = [];
    if (inclusion < least) flags.push(`chosen in ${(100 * inclusion).toFixed(0)} % of the resamples`);
    if (Math.abs(coefficient) < 3 * spread) {
      flags.push(`${(Math.abs(coefficient) / spread).toFixed(1)} standard deviations from 0`);
    }
    terms.push({ index, term, coefficient, spread, inclusion, flags });
  });
  const expression = sumOf(terms);
  return { target, terms, expression, text: print(expression, { names, digits: 6 }), alternatives };
}

/** Σ c·θ as an expression; 0 without terms. */
export function sumOf(terms: readonly { coefficient: number; term: Expression }[]): Expression {
  const parts = terms.map(({ coefficient, term }) => call("mul", constant(coefficient), term));
  if (parts.length === 0) return constant(0);
  return simplify(parts.reduce((left, right) => call("add", left, right)));
}
