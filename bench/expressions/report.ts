import { evaluator } from "../../src/expressions/evaluator.ts";
import { toPostfix } from "../../src/expressions/postfix.ts";
import { standardOperators } from "../../src/expressions/standard-operators.ts";
import { cRates } from "./c-loops.ts";
import { searchRate } from "./search-rate.ts";
import { benchColumns, benchTrees, treeSize } from "./trees.ts";

const sizes = [100, 1000, 10_000] as const;
const sets = {
  "sin, cos, exp, abs, squares": [
    ["sin", "cos", "exp", "abs", "square"],
    ["add", "sub", "mul", "div"],
  ],
  "arithmetic and squares": [
    ["neg", "square"],
    ["add", "sub", "mul", "div"],
  ],
} as const;

/** Rates of the evaluator beside C, and of a whole search with one and two threads. */
export async function reportExpressions(): Promise<void> {
  console.log(
    "\nnode·rows per second and core, 60 random trees of 20 nodes, processor time, best of several",
  );
  for (const [name, [unary, binary]] of Object.entries(sets)) {
    const trees = benchTrees(60, unary, binary);
    const c = cRates(trees, sizes);
    sizes.forEach((rows, i) => {
      const engine = evaluator(benchColumns(rows));
      const forms = trees.map((tree) => toPostfix(tree, standardOperators));
      const repeats = Math.ceil(3e6 / (rows * trees.length));
      let best = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 9; round++) {
        const before = process.cpuUsage();
        for (let k = 0; k < repeats; k++) for (const form of forms) engine.evaluate(form);
        best = Math.min(best, process.cpuUsage(before).user / 1e6 / repeats);
      }
      const rate = (trees.length * treeSize * rows) / best;
      const beside =
        c === undefined
          ? "no C compiler"
          : `C -O2 ${c[i]!.toExponential(2)}  ratio ${(rate / c[i]!).toFixed(2)}  target ≥ 0.5 ${rate >= 0.5 * c[i]! ? "met" : "NOT MET"}`;
      console.log(`${name.padEnd(30)}${String(rows).padStart(6)} rows  ${rate.toExponential(2)}  ${beside}`);
    });
  }
  const best: Record<1 | 2, { rate: number; processor: number }> = {
    1: { rate: 0, processor: 0 },
    2: { rate: 0, processor: 0 },
  };
  for (let round = 0; round < 3; round++) {
    for (const threads of [1, 2] as const) {
      const { evaluations, wall, processor } = await searchRate(threads, 150_000);
      best[threads].rate = Math.max(best[threads].rate, evaluations / wall);
      best[threads].processor = Math.max(best[threads].processor, evaluations / processor);
    }
  }
  const scaling = best[2].rate / best[1].rate;
  console.log(
    `whole search, 200 rows: ${best[1].rate.toFixed(0)} evaluations a second with one thread (${best[1].processor.toFixed(0)} a second of processor), ${best[2].rate.toFixed(0)} with two: scaling ${scaling.toFixed(2)}  target ≥ 1.8 ${scaling >= 1.8 ? "met" : "NOT MET"}`,
  );
}
