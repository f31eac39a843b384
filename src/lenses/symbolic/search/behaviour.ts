import { UserError } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { evaluator } from "../../../expressions/evaluator.ts";
import type { Behaviour, SearchProblem } from "./contract.ts";
import type { Genome } from "./genome.ts";
import type { Space } from "./space.ts";

const points = 64;

/**
 * The factor by which a candidate's loss is multiplied for what it does, each behaviour tried on up to 64 rows of the
 * data: 1 where all hold, NaN where a hard one is violated.
 * @throws UserError for a column that is not there.
 */
export function makeBehaviour(
  space: Space,
  problem: SearchProblem,
  wanted: readonly Behaviour[],
  rng: Random,
  count: (evaluations: number) => void,
): (whole: Genome) => number {
  const { columns, names } = problem;
  const all = problem.target.length;
  const rows = rng.permutation(all).slice(0, points).sort();
  const drawn = columns.map((column) => Float64Array.from(rows, (row) => column[row]!));
  const share = rows.length / all;
  const engineOf = (table: readonly Float64Array[]) =>
    evaluator(table.length > 0 ? table : [new Float64Array(rows.length)], { operators: space.operators });
  const valuesOn = (table: readonly Float64Array[]) => {
    const engine = engineOf(table);
    return (whole: Genome): Float64Array | undefined => {
      count(share);
      const { values, finite } = engine.evaluate(whole);
      return finite ? Float64Array.from(values) : undefined;
    };
  };
  const here = engineOf(drawn);
  const values = valuesOn(drawn);
  const tests = wanted.map((behaviour) => {
    checkColumns(behaviour, names);
    return { soft: behaviour.soft, violated: makeTest(behaviour) };
  });

  function makeTest(behaviour: Behaviour): (whole: Genome) => number {
    const share01 = (f: ArrayLike<number> | undefined, bad: (value: number, i: number) => boolean) => {
      if (f === undefined) return 1;
      let violations = 0;
      for (let i = 0; i < f.length; i++) if (bad(f[i]!, i)) violations++;
      return violations / f.length;
    };
    switch (behaviour.kind) {
      case "monotonic": {
        const sign = behaviour.direction === "rising" ? 1 : -1;
        return (whole) => {
          count(2 * share);
          const { gradient, finite } = here.variableGradient(whole, [behaviour.column]);
          return finite ? share01(gradient[0]!, (slope) => !(sign * slope >= 0)) : 1;
        };
      }
      case "bound": {
        const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = behaviour;
        return (whole) => share01(values(whole), (value) => !(value >= least && value <= most));
      }
      case "limit": {
        const { column, at, value, tolerance = 1e-3 } = behaviour;
        const engine = engineOf(
          drawn.map((c, k) => (k === column ? new Float64Array(c.length).fill(at) : c)),
        );
        return (whole) => {
          count(share);
          const { values: f, finite } = engine.evaluate(whole);
          if (!Number.isFinite(value)) {
            return share01(f, (v) => !(Math.sign(value) * v >= 1 / tolerance || v === value));
          }
          return finite
            ? share01(f, (v) => !(Math.abs(v - value) <= tolerance * Math.max(1, Math.abs(value))))
            : 1;
        };
      }
      case "even":
      case "odd": {
        const mirrored = valuesOn(
          drawn.map((c, k) => (behaviour.columns.includes(k) ? c.map((v) => -v) : c)),
        );
        return symmetry(mirrored, behaviour.kind === "even" ? 1 : -1);
      }
      case "exchange": {
        const [a, b] = behaviour.columns;
        const exchanged = drawn.map((c, k) => (k === a ? drawn[b]! : k === b ? drawn[a]! : c));
        return symmetry(valuesOn(exchanged), 1);
      }
    }
  }

  function symmetry(other: (whole: Genome) => Float64Array | undefined, sign: number) {
    return (whole: Genome): number => {
      const [f, g] = [values(whole), other(whole)];
      if (f === undefined || g === undefined) return 1;
      let violations = 0;
      f.forEach((v, i) => {
        if (!(Math.abs(v - sign * g[i]!) <= 1e-7 * (Math.abs(v) + Math.abs(g[i]!)) + 1e-300)) violations++;
      });
      return violations / f.length;
    };
  }

  return (whole) => {
    let factor = 1;
    for (const { soft, violated } of tests) {
      const part = violated(whole);
      if (part === 0) continue;
      if (soft === undefined) return Number.NaN;
      factor *= 1 + soft * part;
    }
    return factor;
  };
}

function checkColumns(behaviour: Behaviour, names: readonly string[]): void {
  const used = "columns" in behaviour ? behaviour.columns : "column" in behaviour ? [behaviour.column] : [];
  for (const column of used) {
    if (names[column] !== undefined) continue;
    throw new UserError(
      `searchExpressions: constraints.behaviour '${behaviour.kind}' names column ${column}; there are ${names.length} (0 … ${names.length - 1}: ${names.join(", ")}).`,
    );
  }
}
