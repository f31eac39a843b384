import type { Random } from "../../core/random.ts";
import { type NumberColumn, numbers, type Table } from "../../data/table.ts";
import type { Expression } from "../../expressions/expression.ts";
import { type OperatorSet, operatorSet } from "../../expressions/operator.ts";
import { parse } from "../../expressions/parse.ts";
import { pickOperators } from "../../expressions/standard-operators.ts";
import type { SearchProblem } from "../../lenses/symbolic/search/contract.ts";
import { problemOf } from "../../lenses/symbolic/subject.ts";
import { dampedTrajectory } from "../../physics/oscillators/damped.ts";
import { springSet } from "../../physics/oscillators/spring-set.ts";
import { staticLaw } from "../../physics/oscillators/static-law.ts";
import { swingTrajectory } from "../../physics/oscillators/swing.ts";

/** The four graded tasks: a law at rest, a trajectory, a damped law, an invariant. */
export const variantIds = ["a", "b", "c", "d"] as const;
export type VariantId = (typeof variantIds)[number];
/** Those that search a formula for a target column. */
export type LawId = Exclude<VariantId, "d">;
export const lawIds = ["a", "b", "c"] as const satisfies readonly LawId[];

export interface Variant {
  title: string;
  /** What was asked for, in a few words. */
  task: string;
  inputs: readonly string[];
  target: string;
  /** The truth as text over the inputs, and for print. */
  truth: string;
  tex: string;
  /** What counts as right, in a sentence. */
  rule: string;
  /** Default budget, evaluations. */
  evaluations: number;
  table(options: { noise: number; random: Random }): Table;
}

export const variants: Readonly<Record<VariantId, Variant>> = {
  a: {
    title: "Law at rest",
    task: "the acceleration of a mass on a spring from k, x and m",
    inputs: ["k", "x", "m"],
    target: "a",
    truth: "-k*x/m",
    tex: "a = -\\frac{k x}{m}",
    rule: "a = c·k·x/m by its canonical form, units balanced, c within 2 % of −1",
    evaluations: 30_000,
    table: staticLaw,
  },
  b: {
    title: "Trajectory",
    task: "the position of a harmonic oscillator from time",
    inputs: ["t"],
    target: "x",
    truth: "sin(2*t + 0.3)",
    tex: "x = \\sin(2 t + 0.3)",
    rule: "A·sin(ωt + φ) or a formula equal to it: ẍ = −ω²x to 1e-6 at random times, ω within 0.5 % of 2",
    evaluations: 100_000,
    table: swingTrajectory,
  },
  c: {
    title: "Damped law",
    task: "the acceleration of a damped pendulum from position and velocity",
    inputs: ["x", "v"],
    target: "a",
    truth: "-7*x - 0.7*v",
    tex: "\\ddot{x} = -7 x - 0.7 \\dot{x}",
    rule: "−κx − bẋ by its canonical form, κ and b within 2 % of 7 and 0.7",
    evaluations: 50_000,
    table: dampedTrajectory,
  },
  d: {
    title: "Invariant",
    task: "what stays constant on each orbit of noisy springs",
    inputs: ["q", "p"],
    target: "orbit",
    truth: "q^2 + p^2",
    tex: "q^2 + p^2",
    rule: "a monotone function of q² + p²: gradients agree to 0.99 or better on held-out orbits without noise; a constant has no gradient and is none",
    evaluations: 5_000,
    table: springSet,
  },
};

const names = ["add", "sub", "mul", "div", "neg", "sin", "cos", "exp", "log", "sqrt", "square"];

/** The operators of a variant. For invariants a function costs two nodes, so that of equals the algebraic one is taken. */
export function operatorsOf(id: VariantId): OperatorSet {
  const standard = pickOperators(names);
  if (id !== "d") return operatorSet(standard);
  const functions = new Set(["sin", "cos", "exp", "log", "sqrt"]);
  return operatorSet(standard.map((one) => (functions.has(one.name) ? { ...one, complexity: 2 } : one)));
}

/** The truth as an expression over the inputs. */
export function truthOf(id: VariantId): Expression {
  return parse(variants[id].truth, { names: variants[id].inputs });
}

/** A law's table as a problem: with weights where there is noise, and with units for the law at rest. */
export function lawProblem(id: LawId, table: Table): SearchProblem {
  const { inputs, target } = variants[id];
  const column = (name: string) => {
    const { values, unit, uncertainty }: NumberColumn = numbers(table, name);
    return { name, values, ...(id === "a" ? { unit } : {}), ...(uncertainty ? { uncertainty } : {}) };
  };
  return problemOf({ columns: inputs.map(column), target: column(target), data: table.name });
}

/** The springs as a problem: the columns q and p, and the number of the orbit, which is no target but a grouping. */
export function orbitProblem(table: Table): SearchProblem {
  return {
    columns: variants.d.inputs.map((name) => numbers(table, name).values),
    names: variants.d.inputs,
    target: numbers(table, "trajectory").values,
    targetName: variants.d.target,
  };
}
