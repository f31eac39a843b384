import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../../src/core/errors.ts";
import { quietTask } from "../../src/core/task.ts";
import { operatorSet } from "../../src/expressions/operator.ts";
import { print } from "../../src/expressions/print.ts";
import { pickOperators } from "../../src/expressions/standard-operators.ts";
import { searchExpressions } from "../../src/lenses/symbolic/search/search.ts";
import { feynmanUnits } from "../../src/physics/feynman/problems.ts";
import { repositoryRoot, sharedPath } from "../../test/shared.ts";
import type { Outcome } from "./outcome.ts";
import { type Problem, readProblems, sample, smokeSet } from "./problems.ts";
import { recovery } from "./recovery.ts";
import { writeReport } from "./report.ts";

/**
 * `npm run bench:feynman [-- --smoke] [--only I_9_18,vdp2] [--units with|without|both] [--budget n] [--threads n]
 * [--results file.jsonl] [--report docs/feynman.md] [--table]`: searches the Feynman problems, one JSON line each; problems that
 * the results file holds for the same settings are not run again. The table is written from all its lines; `--table`
 * writes it from those that there are, and runs nothing.
 */
const { values } = parseArgs({
  options: {
    smoke: { type: "boolean", default: false },
    only: { type: "string" },
    units: { type: "string", default: "both" },
    budget: { type: "string", default: "1200000" },
    threads: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    results: { type: "string", default: path.join(repositoryRoot, "runs", "feynman.jsonl") },
    report: { type: "string" },
    table: { type: "boolean", default: false },
  },
});

const file = sharedPath("data/feynman/equations.tsv");
if (file === undefined)
  throw new UserError("bench:feynman: data/feynman/equations.tsv of the shared data is missing.");
const problems = readProblems(file);
const named = values.only?.split(",") ?? (values.smoke ? smokeSet : problems.map(({ id }) => id));
const chosen = named.map((id) => {
  const found = problems.find((p) => p.id === id);
  if (found === undefined) throw new UserError(`bench:feynman: there is no problem '${id}'.`);
  return found;
});
const both = { both: [true, false], with: [true], without: [false] }[values.units];
if (both === undefined)
  throw new UserError(`bench:feynman: --units is '${values.units}'; expected with, without or both.`);
const [budget, threads, seed] = [Number(values.budget), Number(values.threads), Number(values.seed)];
const islands = 16;
const operators = operatorSet(
  pickOperators("add sub mul div neg inv square sqrt exp log sin cos tanh asin acos".split(" ")),
);

mkdirSync(path.dirname(values.results), { recursive: true });
const outcomes: Outcome[] = existsSync(values.results)
  ? readFileSync(values.results, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as Outcome)
      .filter((o) => o.budget === budget && o.seed === seed && o.islands === islands)
  : [];

async function run(problem: Problem, units: boolean): Promise<Outcome> {
  const { columns, target } = sample(problem, 1000, seed);
  const mean = target.reduce((a, b) => a + b) / target.length;
  const variance = target.reduce((a, b) => a + (b - mean) ** 2, 0) / target.length;
  const start = performance.now();
  const cpu = process.cpuUsage();
  const dimensions = units ? problem.dimensions : undefined;
  const result = await searchExpressions(
    {
      columns,
      names: problem.names,
      target,
      targetName: problem.targetName,
      ...(dimensions && { dimensions: { ...dimensions, strict: true, units: feynmanUnits.base } }),
    },
    {
      operators,
      seed,
      islands,
      threads,
      task: quietTask,
      evaluations: budget,
      maxComplexity: 35,
      stop: { loss: 1e-22 * variance },
    },
  );
  const used = process.cpuUsage(cpu);
  const best = result.front.at(-1);
  return {
    id: problem.id,
    formula: problem.formula,
    units,
    budget,
    seed,
    islands,
    threads,
    ...recovery(problem, best),
    ended: result.ended,
    evaluations: Math.round(result.evaluations),
    seconds: (performance.now() - start) / 1000,
    processor: (used.user + used.system) / 1e6,
    loss: best === undefined ? Number.NaN : best.loss / variance,
    complexity: best?.complexity ?? 0,
    found: best === undefined ? "" : print(best.expression, { names: problem.names, digits: 5 }),
  };
}

for (const units of values.table ? [] : both) {
  for (const problem of chosen) {
    let outcome = outcomes.find((o) => o.id === problem.id && o.units === units);
    if (outcome === undefined) {
      outcome = await run(problem, units);
      outcomes.push(outcome);
      appendFileSync(values.results, `${JSON.stringify(outcome)}\n`);
    }
    const verdict = outcome.symbolic ? "same form" : outcome.numeric ? "recovered" : "no";
    console.log(
      `${problem.id.padEnd(11)}${(units ? "units" : "no units").padEnd(10)}${verdict.padEnd(11)}${String(outcome.evaluations).padStart(9)} evaluations ${outcome.processor.toFixed(1).padStart(6)} s of processor  ${outcome.found}`,
    );
  }
  const mine = outcomes.filter((o) => o.units === units && named.includes(o.id));
  console.log(
    `${units ? "with" : "without"} units: ${mine.filter((o) => o.numeric).length} of ${mine.length} recovered, ${mine.filter((o) => o.symbolic).length} in the same form\n`,
  );
}
const report =
  values.report ??
  (values.smoke || values.only ? undefined : path.join(repositoryRoot, "docs", "feynman.md"));
if (report !== undefined)
  writeReport(
    report,
    outcomes,
    problems.map(({ id }) => id),
  );
