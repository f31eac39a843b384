import type { Store } from "../../../core/store.ts";
import type { Task } from "../../../core/task.ts";
import type { Dimension } from "../../../expressions/dimensions.ts";
import type { Expression } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";

/** What is to be explained: a target column as a function of the others. */
export interface SearchProblem {
  columns: readonly Float64Array[];
  names: readonly string[];
  target: Float64Array;
  targetName?: string;
  /** 1/σ² of every row. Default: 1. */
  weights?: Float64Array;
  /**
   * σ of the columns' values, where they have errors. The true values are taken as drawn from a normal distribution
   * (mean and variance by moments): a measured x is replaced by the mean x̂ of what it can have been, with variance s²,
   * and the loss is that of the likelihood of y ~ N(f(x̂), v), v = σ² + Σᵢ (∂f/∂xᵢ)²·sᵢ²: the mean of (f − y)²/v times
   * the geometric mean of v (marginalised normal regression, Bartlett & Desmond 2023, to first order). Least squares
   * on x itself would flatten slopes. Needs `weights`; no scaling of candidates, no views.
   */
  inputErrors?: readonly (Float64Array | undefined)[];
  dimensions?: ProblemDimensions;
}

export interface ProblemDimensions {
  columns: readonly Dimension[];
  target: Dimension;
  /** Constants are pure numbers. Default false: they take what is missing. */
  strict?: boolean;
  /** What happens to an expression that does not balance: left out (default), or its loss multiplied by 10. */
  violations?: "reject" | "penalty";
  /** Names of the base units, for messages. */
  units?: readonly string[];
}

/** One member of the front: the most accurate expression of its complexity. */
export interface FrontMember {
  /** Over the problem's columns, its constants fitted. */
  expression: Expression;
  complexity: number;
  /** Σ w·(f − y)²/Σ w on all rows; with a general objective, its value. */
  loss: number;
  /** How many constants had to take a dimension; undefined without dimensions. */
  absorbed?: number;
}

/** Rising complexity, falling loss. */
export type Front = readonly FrontMember[];

/**
 * A fixed outer form. `form` is an expression over the columns and, behind them, one variable for each part: variable
 * `columns.length + k` stands for part k.
 */
export interface Template {
  form: Expression;
  parts: readonly TemplatePart[];
}

export interface TemplatePart {
  name: string;
  /** The columns that it may use. Default: all. */
  columns?: readonly number[];
}

/** What an expression must look like, and what it must do. Those about shape are hard. */
export interface Constraints {
  /** An operator inside itself or another: `{ sin: { sin: 0 } }` allows no sin within a sin. */
  nesting?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Largest complexity of each argument of an operator, −1 without limit: `{ pow: [-1, 1] }`. */
  argumentSizes?: Readonly<Record<string, readonly number[]>>;
  /** Checks of the function, each tried on points of the data (rows drawn with the seed). */
  behaviour?: readonly Behaviour[];
}

export type Behaviour = {
  /** Hard: such an expression is left out. Soft: its loss is multiplied by 1 + `weight`·(share of violating points). */
  soft?: number;
} & (
  | { kind: "monotonic"; column: number; direction: "rising" | "falling" }
  /** f is not below or above `value`. */
  | { kind: "bound"; least?: number; most?: number }
  /** The value towards `at` in a column (large numbers stand for infinity); `value` may be ±Infinity. */
  | { kind: "limit"; column: number; at: number; value: number; tolerance?: number }
  /** f stays (even) or changes its sign (odd) where the sign of the columns changes. */
  | { kind: "even" | "odd"; columns: readonly number[] }
  /** f stays where two columns are exchanged. */
  | { kind: "exchange"; columns: readonly [number, number] }
);

/**
 * Another measure than the squared error: `fn` that `module` exports makes it from `input` (plain data), in each
 * thread. See `Objective`.
 */
export interface ObjectiveSource {
  module: string;
  fn: string;
  input: unknown;
}

/** A measure of a candidate: smaller is better, and not finite leaves it out. Constants are fitted without gradient. */
export type Objective = (candidate: ObjectiveCandidate) => number;

export interface ObjectiveCandidate {
  /** f on the rows in use, and which rows of the problem they are (undefined: all). */
  values: ArrayLike<number>;
  rows: Int32Array | undefined;
  /** ∂f/∂xᵢ on these rows for all columns. */
  gradient(): readonly ArrayLike<number>[];
}

export interface SearchOptions {
  operators: OperatorSet;
  seed: number;
  /** The task of this computation: progress, and cancellation between steps (throws nothing: see `ended`). */
  task: Task;
  /** Populations that evolve apart. Default 16. */
  islands?: number;
  /** Members of one. Default 32. */
  population?: number;
  /** Default 30. */
  maxComplexity?: number;
  maxDepth?: number;
  /**
   * The budget: how often an expression may be evaluated, each step of a fit counted. One on a subset of the rows
   * counts as that share of one. Default 1e6.
   */
  evaluations?: number;
  /** Worker threads; 0 (default) works in this one. Never changes a result. */
  threads?: number;
  /** Ends the search between two migrations: at this loss, or when the function says so. */
  stop?: { loss: number } | ((front: Front) => boolean);
  /** A limit by the clock. A search that it ends is marked as not reproducible. */
  seconds?: number;
  /** Expressions to start from; their constants are fitted. */
  guesses?: readonly Expression[];
  template?: Template;
  constraints?: Constraints;
  objective?: ObjectiveSource;
  /** Costs of constants and variables in the complexity. Default 1. */
  costs?: { constant?: number; variable?: number | readonly number[] };
  /** Rows that evolution looks at, drawn with the seed; the front always sees all. Default min(rows, 200). */
  rows?: number;
  /** Direct regressions before evolution: power laws, sums of products, small expressions. Default true. */
  seeds?: boolean;
  /** Candidates are judged up to a factor and an offset, which are written out at their cost. Default true. */
  scaling?: boolean;
  /** Told after each migration. */
  onFront?: (front: Front, progress: { evaluations: number }) => void;
  /** Goes on from the state that an earlier search returned, with this one's budget. */
  from?: SearchState;
  /** Where the state is kept after each migration; a search that finds its own state there goes on from it. */
  checkpoint?: { store: Store; key: string };
}

/** All that a search needs to go on: plain data, equal for equal seeds. Opaque. */
export interface SearchState {
  version: 1;
  /** Stands for the problem and the options that shape the result. */
  fingerprint: string;
  json: string;
}

export interface SearchResult {
  front: FrontMember[];
  evaluations: number;
  ended: "budget" | "stop" | "time" | "cancelled";
  /** False where the clock or the user ended it: a rerun may stop elsewhere. */
  reproducible: boolean;
  state: SearchState;
}
