/**
 * A formula for columns of one's own: Kepler's third law from noisy orbits, with units, in Node or in a browser. In a
 * package of yours the imports are from "physlens".
 */
import { expressions, parseUnit, quietTask, random, symbolic } from "../../src/index.ts";

/** T = 2π √(a³/GM) for 40 orbits around suns of 0.5 to 2 solar masses, the periods measured to 0.1 %. */
export function orbits(seed = 0) {
  const draw = random(seed, "orbits");
  const [au, sun, day] = [1.495978707e11, 1.98841e30, 86_400];
  const a = Float64Array.from({ length: 40 }, () => au * 10 ** (2 * draw.uniform() - 1));
  const M = a.map(() => sun * (0.5 + 1.5 * draw.uniform()));
  const exact = a.map((axis, i) => (2 * Math.PI * Math.sqrt(axis ** 3 / (6.6743e-11 * M[i]!))) / day);
  return {
    a: a.map((v) => v / au),
    M: M.map((v) => v / sun),
    T: exact.map((t) => t * (1 + 1e-3 * draw.normal())),
  };
}

/** The front from short to accurate; constants may take the dimensions that are missing. */
export async function keplersLaw(seed = 0) {
  const { a, M, T } = orbits(seed);
  const names = ["a", "M"];
  const dimension = (unit: string) => parseUnit(unit).powers;
  const { front } = await symbolic.searchExpressions(
    {
      columns: [a, M],
      names,
      target: T,
      weights: T.map((t) => 1 / (1e-3 * t) ** 2),
      dimensions: { columns: [dimension("AU"), dimension("kg")], target: dimension("d") },
    },
    {
      operators: expressions.operatorSet(expressions.pickOperators(["add", "mul", "div", "sqrt"])),
      seed,
      task: quietTask,
      evaluations: 20_000,
      maxComplexity: 12,
    },
  );
  return front.map(({ expression, complexity, loss }) => ({
    formula: expressions.print(expression, { names }),
    complexity,
    relative: Math.sqrt(loss),
    expression,
  }));
}
