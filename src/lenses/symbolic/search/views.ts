import { complexity } from "../../../expressions/complexity.ts";
import { evaluator } from "../../../expressions/evaluator.ts";
import { variable } from "../../../expressions/expression.ts";
import { toPostfix } from "../../../expressions/postfix.ts";
import type { Bench, SearchSetting } from "./job.ts";
import { makeJudge } from "./judge.ts";
import { exponentsOf } from "./seeds/exponents.ts";
import { makeWriter } from "./seeds/write.ts";
import { plainView, type View } from "./view.ts";

/**
 * The ways in which islands look at the problem. Where there are dimensions, besides the plain one two that follow
 * from Buckingham's theorem: dimensionless products of the columns as inputs, and the target divided by a product of
 * its own dimension: the simplest one, and the one that is closest to the target.
 */
export function makeViews(bench: Bench, setting: SearchSetting): View[] {
  const { problem, constraints, template, objective } = setting;
  const plain = plainView(problem.columns.length);
  const { space, count } = bench;
  const { types, columnTypes, targetType } = space;
  const shaped = constraints !== undefined || template !== undefined || objective !== undefined;
  if (types === undefined || shaped || problem.inputErrors !== undefined) return [plain];
  if (columnTypes.every((t) => t === 0)) return [plain];
  const writer = makeWriter(new Set(space.list.slice(0, space.own).map(({ name }) => name)));
  if (!writer.has("mul")) return [plain];
  const dimensions = columnTypes.map((t) => types.powers(t));
  const write = (exponents: readonly number[]) =>
    writer.product(exponents.map((exponent, i) => ({ base: variable(i), exponent })));
  const groups = independent(exponentsOf(dimensions, types.powers(0), 400).map((e) => e.exponents));
  const inputs = groups.flatMap((exponents) => write(exponents) ?? []);
  if (inputs.length === 0 || inputs.length < groups.length) return [plain];
  const engine = evaluator(problem.columns, { operators: space.operators });
  const usable = inputs.every((input) => engine.evaluate(input).finite);
  count(inputs.length);
  if (!usable) return [plain];
  if (targetType === 0) return [plain, { name: "groups", inputs, dimensions: false }];
  const judge = makeJudge(
    space,
    { columns: problem.columns, target: problem.target, weights: problem.weights },
    { scaling: { factor: true, offset: false }, count, share: 1 },
  );
  const most = setting.maxComplexity / 2;
  const candidates = exponentsOf(dimensions, types.powers(targetType), 200).flatMap(({ exponents }) => {
    const expression = write(exponents);
    if (expression === undefined || complexity(expression, { operators: space.operators }) > most) return [];
    const values = engine.evaluate(expression);
    if (!values.finite || values.values.some((v) => v === 0)) return [];
    const score = judge.score(toPostfix(expression, space.operators));
    return score === undefined ? [] : [{ expression, loss: score.losses[1] }];
  });
  if (candidates.length === 0) return [plain];
  const simplest = candidates[0]!;
  const closest = candidates.reduce((a, b) => (b.loss < a.loss ? b : a));
  const views: View[] = [
    plain,
    { name: "simplest", inputs, prefactor: simplest.expression, dimensions: false },
  ];
  if (closest !== simplest) {
    views.push({ name: "closest", inputs, prefactor: closest.expression, dimensions: false });
  }
  return views;
}

/** The first of the lists that do not depend linearly on earlier ones, besides the zero. */
function independent(lists: readonly (readonly number[])[]): number[][] {
  const basis: number[][] = [];
  const kept: number[][] = [];
  for (const list of lists) {
    let rest = [...list];
    for (const b of basis) {
      const along = rest.reduce((s, v, i) => s + v * b[i]!, 0);
      rest = rest.map((v, i) => v - along * b[i]!);
    }
    const length = Math.hypot(...rest);
    if (length < 1e-6) continue;
    basis.push(rest.map((v) => v / length));
    kept.push([...list]);
  }
  return kept;
}
