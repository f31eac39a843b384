import { loadavg } from "node:os";
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
  const rate = { 1: 0, 2: 0 };
  let processor = 0;
  let bound = 0;
  for (let round = 0; round < 3; round++) {
    for (const threads of [1, 2] as const) {
      const search = await searchRate(threads, 150_000);
      rate[threads] = Math.max(rate[threads], search.evaluations / search.wall);
      if (threads === 1) processor = Math.max(processor, search.evaluations / search.processor);
      else bound = search.processor / (search.main + (search.processor - search.main) / 2);
    }
  }
  const scaling = rate[2] / rate[1];
  console.log(
    `whole search, 200 rows: ${rate[1].toFixed(0)} evaluations a second with one thread (${processor.toFixed(0)} a second of processor), ${rate[2].toFixed(0)} with two: scaling ${scaling.toFixed(2)}  target ≥ 1.8 ${scaling >= 1.8 ? "met" : "NOT MET"}; by the processor time of the thread that is left serial ${bound.toFixed(2)} (what an idle machine can reach). Load ${loadavg()[0]!.toFixed(1)}`,
  );
}
