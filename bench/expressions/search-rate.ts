import { random } from "../../src/core/random.ts";
import { quietTask } from "../../src/core/task.ts";
import { operatorSet } from "../../src/expressions/operator.ts";
import { pickOperators } from "../../src/expressions/standard-operators.ts";
import { searchExpressions } from "../../src/lenses/symbolic/search/search.ts";

/** A whole search without direct regressions on 200 rows that it cannot finish: wall and processor seconds. */
export async function searchRate(threads: number, evaluations: number) {
  const rng = random(3, "search");
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: 200 }, () => 1 + 2 * rng.uniform()));
  const [x, y, z] = columns as [Float64Array, Float64Array, Float64Array];
  const target = x.map(
    (v, i) => Math.exp(-v * y[i]!) * Math.sin(v + 2 * z[i]!) + 1 / (v + y[i]! ** 2) + rng.normal(),
  );
  const cpu = process.cpuUsage();
  const own = process.threadCpuUsage();
  const start = performance.now();
  const result = await searchExpressions(
    { columns, names: ["x", "y", "z"], target },
    {
      operators: operatorSet(pickOperators("add sub mul div neg square sqrt exp log sin cos".split(" "))),
      seed: 1,
      task: quietTask,
      evaluations,
      threads,
      seeds: false,
    },
  );
  const used = process.cpuUsage(cpu);
  const main = process.threadCpuUsage(own);
  return {
    evaluations: result.evaluations,
    wall: (performance.now() - start) / 1000,
    processor: (used.user + used.system) / 1e6,
    /** Of it, what this thread took: what more threads do not shorten. */
    main: (main.user + main.system) / 1e6,
  };
}
