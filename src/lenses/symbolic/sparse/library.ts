import { UserError } from "../../../core/errors.ts";
import { evaluator } from "../../../expressions/evaluator.ts";
import { call, constant, type Expression, variable } from "../../../expressions/expression.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";

/** Candidate terms of a sparse regression: expressions over the states. */
export type Library = readonly Expression[];

/**
 * All monomials of `states` variables up to `degree`, by rising degree: 1, x, y, x², xy, y² … There are
 * binomial(states + degree, degree) of them.
 * @throws UserError for a degree that is not a whole number from 0.
 */
export function polynomialLibrary(
  states: number,
  options: { degree: number; constant?: boolean },
): Expression[] {
  const { degree, constant: one = true } = options;
  if (!Number.isInteger(degree) || degree < 0) {
    throw new UserError(`polynomialLibrary: a degree of ${degree}; expected a whole number from 0`);
  }
  const terms: Expression[] = one ? [constant(1)] : [];
  for (let total = 1; total <= degree; total++) {
    for (const exponents of exponentsOf(states, total)) terms.push(monomial(exponents));
  }
  return terms;
}

/** sin(k·x) and cos(k·x) of each state, k = 1 … frequencies, times `base`. */
export function fourierLibrary(
  states: number,
  options: { frequencies: number; base?: number },
): Expression[] {
  const { frequencies, base = 1 } = options;
  const terms: Expression[] = [];
  for (let k = 1; k <= frequencies; k++) {
    const factor = k * base;
    for (let j = 0; j < states; j++) {
      const inside = factor === 1 ? variable(j) : call("mul", constant(factor), variable(j));
      terms.push(call("sin", inside), call("cos", inside));
    }
  }
  return terms;
}

/** Πⱼ xⱼ^eⱼ, with squares and cubes written as such. */
export function monomial(exponents: readonly number[]): Expression {
  const factors = exponents.flatMap((power, j): Expression[] => {
    if (power === 0) return [];
    const x = variable(j);
    if (power === 1) return [x];
    if (power === 2) return [call("square", x)];
    return [power === 3 ? call("cube", x) : call("pow", x, constant(power))];
  });
  return factors.length === 0 ? constant(1) : factors.reduce((left, right) => call("mul", left, right));
}

/** All ways to share `total` among `states`, the first state's power falling. */
export function exponentsOf(states: number, total: number): number[][] {
  if (states === 0) return total === 0 ? [[]] : [];
  const lists: number[][] = [];
  for (let first = total; first >= 0; first--) {
    for (const rest of exponentsOf(states - 1, total - first)) lists.push([first, ...rest]);
  }
  return lists;
}

/**
 * The terms' values, rows × terms.
 * @throws UserError naming a term that is not finite on the data.
 */
export function libraryMatrix(library: Library, states: readonly Float64Array[]): Matrix {
  const { rows, evaluate } = evaluator(states);
  const design = matrix(rows, library.length);
  library.forEach((term, j) => {
    const { values, finite } = evaluate(term);
    if (!finite) throw new UserError(`sparse regression: term ${j} of the library is not finite on the data`);
    for (let i = 0; i < rows; i++) design.data[i * library.length + j] = values[i]!;
  });
  return design;
}
