import { spawnSync } from "node:child_process";
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
  const evaluations = 1_500_000;
  const one = await searchRate(1, evaluations);
  const two = await searchRate(2, evaluations);
  const alone = onOneCore(evaluations);
  const rateOf = ({ evaluations: done, wall }: { evaluations: number; wall: number }) => done / wall;
  const scaling = rateOf(two) / rateOf(alone ?? one);
  console.log(
    `whole search, 200 rows: ${rateOf(one).toFixed(0)} evaluations a second with one thread (${(one.processor / one.wall).toFixed(2)} cores busy: the runtime compiles and collects beside it), ${rateOf(two).toFixed(0)} with two${alone ? `, ${rateOf(alone).toFixed(0)} with one thread on one core` : "; taskset is missing, so that one thread is not held on one core"}: scaling ${scaling.toFixed(2)}  target ≥ 1.8 ${scaling >= 1.8 ? "met" : "NOT MET"}. Load ${loadavg()[0]!.toFixed(1)}`,
  );
}

/** The same search with one thread on a single core; undefined where `taskset` is missing. */
function onOneCore(evaluations: number): Awaited<ReturnType<typeof searchRate>> | undefined {
  const script = new URL("./one-core.ts", import.meta.url).pathname;
  const { status, stdout } = spawnSync(
    "taskset",
    ["-c", "0", process.execPath, script, String(evaluations)],
    {
      encoding: "utf8",
    },
  );
  return status === 0 ? JSON.parse(stdout) : undefined;
}
