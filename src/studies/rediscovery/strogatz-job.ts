import { random } from "../../core/random.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { numbers } from "../../data/table.ts";
import { equivalent } from "../../expressions/equivalent.ts";
import { operatorSet } from "../../expressions/operator.ts";
import { parse } from "../../expressions/parse.ts";
import { print } from "../../expressions/print.ts";
import { pickOperators } from "../../expressions/standard-operators.ts";
import { weightedVariance } from "../../lenses/symbolic/runner.ts";
import type { FrontMember } from "../../lenses/symbolic/search/contract.ts";
import { searchExpressions } from "../../lenses/symbolic/search/search.ts";
import { choose } from "../../lenses/symbolic/selection/choose.ts";
import { sindy } from "../../lenses/symbolic/sparse/sindy.ts";
import { sampleBox } from "../../physics/dynamics/sample-box.ts";
import { sampleSystem } from "../../physics/dynamics/sample-system.ts";
import { strogatzSystems } from "../../physics/dynamics/strogatz.ts";

/** One equation of one system. */
export interface StrogatzJob {
  system: string;
  /** Which of its variables. */
  equation: number;
  from: "box" | "trajectories";
  seed: number;
  evaluations: number;
}

export interface StrogatzResult extends StrogatzJob {
  target: string;
  truth: string;
  found: string;
  /** Equal to the truth by canonical form or at random points of the data's range, to 1e-6. */
  recovered: boolean;
  /** A formula of the front is, whether it was chosen or not. */
  onFront: boolean;
  /** The same for sparse regression with monomials up to degree 3, sines and cosines. */
  sparse: boolean;
  sparseText: string;
  spent: number;
}

/** Operators of the three searches that share the budget: rational functions, with sines, all. */
const stages = [
  ["add", "sub", "mul", "div", "square"],
  ["add", "sub", "mul", "div", "square", "sin", "cos"],
  ["add", "sub", "mul", "div", "neg", "sin", "cos", "exp", "log", "sqrt", "square"],
];
const operators = operatorSet(pickOperators(stages[2]!));

/**
 * Searches one equation from exact rates and compares with the formula they were made by. Three sets of operators, each
 * for a third of the budget, from few to many: a search among few finds rational laws many times faster. It ends where
 * nothing is left to explain; otherwise the choice is made on the fronts of all three together.
 */
export async function searchStrogatz(job: StrogatzJob, task: Task = quietTask): Promise<StrogatzResult> {
  const system = strogatzSystems.find(({ name }) => name === job.system)!;
  const stream = random(job.seed, "rediscovery", job.system);
  const table = job.from === "box" ? sampleBox(system, { random: stream }) : sampleSystem(system);
  const names = system.variables;
  const columns = names.map((name) => numbers(table, name).values);
  const rates = names.map((name) => numbers(table, `d${name}`).values);
  const problem = { columns, names, target: rates[job.equation]! };
  const fronts: FrontMember[] = [];
  const enough = 1e-18 * weightedVariance(problem);
  let spent = 0;
  for (const [k, allowed] of stages.entries()) {
    const result = await searchExpressions(problem, {
      operators: operatorSet(pickOperators(allowed)),
      ...{ seed: job.seed, maxComplexity: 25 },
      task: task.part(k / stages.length, (k + 1) / stages.length),
      evaluations: job.evaluations / stages.length,
      stop: { loss: enough },
    });
    task.check();
    spent += result.evaluations;
    fronts.push(...result.front);
    if (result.ended === "stop") break;
  }
  const front = merged(fronts);
  const choice = choose(front, problem, { operators });
  const truth = parse(system.equations[job.equation]!, { names });
  const ranges = columns.map((column) => [Math.min(...column), Math.max(...column)] as const);
  const same = (found: Parameters<typeof equivalent>[0]) => {
    const { symbolic, numeric } = equivalent(found, truth, { ranges, tolerance: 1e-6 });
    return symbolic || numeric === true;
  };
  const { expression } = choice.candidates[choice.chosen]!;
  const sparse = sindy(
    { names, states: columns, times: Float64Array.from(columns[0]!.keys()), rates },
    { degree: 3, frequencies: 1, threshold: 0.04, ridge: 1e-10, rounds: 0 },
  ).equations[job.equation]!;
  return {
    ...job,
    target: `d${names[job.equation]}/dt`,
    truth: system.equations[job.equation]!,
    found: print(expression, { names, digits: 5 }),
    recovered: same(expression),
    onFront: front.some((member) => same(member.expression)),
    sparse: same(sparse.expression),
    sparseText: sparse.text,
    spent,
  };
}

/** The most accurate of each complexity that is better than all shorter ones. */
function merged(members: readonly FrontMember[]): FrontMember[] {
  const sorted = [...members].sort((a, b) => a.complexity - b.complexity || a.loss - b.loss);
  const front: FrontMember[] = [];
  for (const member of sorted) if (!(member.loss >= (front.at(-1)?.loss ?? Infinity))) front.push(member);
  return front;
}
