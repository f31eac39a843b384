import { random } from "../../src/core/random.ts";
import { evaluateRows } from "../../src/expressions/evaluate.ts";
import { evaluator } from "../../src/expressions/evaluator.ts";
import { call, constant, type Expression, variable } from "../../src/expressions/expression.ts";
import { standardOperators } from "../../src/expressions/standard-operators.ts";

export const treeSize = 20;
export const columnCount = 5;

/** Columns uniform on [1, 3). */
export function benchColumns(rows: number): Float64Array[] {
  return Array.from({ length: columnCount }, (_, k) => {
    const rng = random(7, "columns", k);
    return Float64Array.from({ length: rows }, () => 1 + 2 * rng.uniform());
  });
}

/** Random trees of 20 nodes with the given operators that stay finite on the columns. */
export function benchTrees(count: number, unary: readonly string[], binary: readonly string[]): Expression[] {
  const rng = random(1, "trees");
  const grow = (size: number): Expression => {
    if (size === 1)
      return rng.uniform() < 0.3 ? constant(rng.uniform() * 4 - 2) : variable(rng.int(columnCount));
    if (size === 2 || rng.uniform() < 0.25) return call(unary[rng.int(unary.length)]!, grow(size - 1));
    const left = 1 + rng.int(size - 2);
    return call(binary[rng.int(binary.length)]!, grow(left), grow(size - 1 - left));
  };
  const few = benchColumns(100);
  const many = evaluator(benchColumns(10_000));
  const trees: Expression[] = [];
  while (trees.length < count) {
    const tree = grow(treeSize);
    const values = evaluateRows(tree, few, standardOperators);
    const tame = values.every((v) => Number.isFinite(v) && Math.abs(v) < 1e12);
    if (tame && many.evaluate(tree).finite) trees.push(tree);
  }
  return trees;
}
