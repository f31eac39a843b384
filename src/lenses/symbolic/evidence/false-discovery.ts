import { level } from "../../../claims/claim-p.ts";
import { assembleReportClaims } from "../../../claims/report-claims.ts";
import { UserError } from "../../../core/errors.ts";
import type { Values } from "../../../core/params.ts";
import { type Random, random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import { operatorSet } from "../../../expressions/operator.ts";
import { pickOperators } from "../../../expressions/standard-operators.ts";
import type { nature } from "../about.ts";
import { analyseSymbolic } from "../analyse.ts";
import { lawClaim } from "../claims/law-claim.ts";
import { parseOperators } from "../operators.ts";
import { mainRequest, settingsOf } from "../requests.ts";
import { type SearchOutcome, type SearchRequest, type SearchRunner, searchHere } from "../runner.ts";
import { choose, type Rule } from "../selection/choose.ts";
import { problemOf, type SymbolicSubject } from "../subject.ts";
import { nullDraw, nullRequests, staircase } from "./null-fronts.ts";

/** One table of pure noise, and how the lens is to look at it: plain data, for a worker thread. */
export interface NoiseTable {
  /** Counts from 0; with the seed it makes the table. */
  table: number;
  seed: number;
  rows: number;
  variables: number;
  options: Values<typeof nature.params>;
}

export interface NoiseVerdict {
  table: number;
  /** The word of the card. */
  word: string;
  /** Reruns on permuted targets that were made before the null test was decided. */
  draws: number;
}

/** A table with nothing to find: columns uniform on [1, 5], the target standard normal. */
export function noiseTable(
  { rows, variables }: Pick<NoiseTable, "rows" | "variables">,
  source: Random,
): SymbolicSubject {
  const column = () => Float64Array.from({ length: rows }, () => 1 + 4 * source.uniform());
  return {
    columns: Array.from({ length: variables }, (_, i) => ({ name: `x${i + 1}`, values: column() })),
    target: { name: "y", values: Float64Array.from({ length: rows }, () => source.normal()) },
    data: `pure noise, ${rows} rows, ${variables} columns`,
  };
}

/**
 * What the card of the lens says of a table of pure noise. The null test is made draw by draw and ends once it can no
 * longer reach the level (Besag & Clifford, Biometrika 78 (1991) 301): a null test that speaks against a claim decides
 * its verdict alone, so that the word is the one of the whole card. Only where the test is passed is the rest of the card
 * made, from the same searches.
 */
export async function noiseVerdict(input: NoiseTable, task: Task): Promise<NoiseVerdict> {
  const { table, seed, options } = input;
  const source = random(seed, "noise table", table);
  const subject = noiseTable(input, source.fork("values"));
  const stream = source.fork("lens");
  const known = new Map<string, SearchOutcome>();
  const run: SearchRunner = async (requests, part) => {
    const missing = requests.filter(({ name }) => !known.has(name));
    const outcomes = await searchHere(missing, part);
    missing.forEach(({ name }, i) => {
      known.set(name, outcomes[i]!);
    });
    return requests.map(({ name }) => known.get(name)!);
  };
  const draws = await drawsUntilDecided(subject, options, { run, task: task.part(0, 0.5), random: stream });
  if (draws < options.nulls + 1) return { table, word: "not supported", draws };
  const analysis = await analyseSymbolic({ ...subject, run }, options, {
    task: task.part(0.5, 1),
    random: stream,
  });
  const [claim] = assembleReportClaims([lawClaim(subject, analysis)]);
  return { table, word: claim!.verdict.word, draws: options.nulls };
}

/** How many reruns it took until a null test had to speak against the claim; more than there are if it never did. */
async function drawsUntilDecided(
  subject: SymbolicSubject,
  options: NoiseTable["options"],
  { run, task, random: stream }: { run: SearchRunner; task: Task; random: Random },
): Promise<number> {
  const problem = problemOf(subject, { strictUnits: options.strictUnits });
  const names = parseOperators(options.operators);
  const operators = operatorSet(pickOperators(names));
  const { maxComplexity, nulls } = options;
  const settings = settingsOf(options, names, problem.target.length);
  const one = async (request: SearchRequest) => (await run([request], task))[0]!;
  const main = await one(mainRequest(problem, settings, stream));
  const rule = options.rule as Rule;
  const choice = choose(main.front, problem, { rule, operators });
  const at = Math.min(maxComplexity, choice.candidates[choice.chosen]!.complexity) - 1;
  const own = staircase(main.front, problem, maxComplexity)[at]!;
  const reached = [0, 0];
  for (const [b, request] of nullRequests(problem, settings, { rounds: nulls, random: stream }).entries()) {
    task.report(b / nulls, "searching noise");
    const { front } = await one(request);
    const { saved, losses } = nullDraw(front, request.problem, { rule, most: maxComplexity, operators });
    if (saved >= choice.saved) reached[0]!++;
    if (losses[at]! <= own) reached[1]!++;
    if (Math.max(...reached) + 1 > level * (nulls + 1)) return b + 1;
  }
  return nulls + 1;
}

/**
 * The share of pure-noise tables whose card says "supported": the false discovery rate of the lens where there is nothing
 * to discover. With B = 19 reruns each null test lets at most 5 % through.
 * @param options.map runs {@link noiseVerdict} on every table: in threads, or with checkpoints. Default: here.
 * @throws UserError for fewer than one table or fewer reruns than a p of 0.05 needs.
 */
export async function falseDiscovery(options: {
  tables: number;
  seed: number;
  rows: number;
  variables: number;
  options: NoiseTable["options"];
  task: Task;
  map?: (inputs: readonly NoiseTable[], task: Task) => Promise<NoiseVerdict[]>;
}): Promise<{ share: number; supported: number; tables: number; verdicts: NoiseVerdict[] }> {
  const { tables, task, map = here, ...rest } = options;
  if (!(tables >= 1)) throw new UserError(`falseDiscovery: ${tables} tables; expected at least one`);
  if (1 / (rest.options.nulls + 1) > level) {
    throw new UserError(
      `falseDiscovery: ${rest.options.nulls} reruns cannot reach p = ${level}; expected at least 19`,
    );
  }
  const inputs = Array.from({ length: tables }, (_, table): NoiseTable => ({ table, ...rest }));
  const verdicts = await map(inputs, task);
  const supported = verdicts.filter(({ word }) => word === "supported").length;
  return { share: supported / tables, supported, tables, verdicts };
}

async function here(inputs: readonly NoiseTable[], task: Task): Promise<NoiseVerdict[]> {
  const out: NoiseVerdict[] = [];
  for (const [i, input] of inputs.entries()) {
    task.check();
    out.push(await noiseVerdict(input, task.part(i / inputs.length, (i + 1) / inputs.length)));
  }
  return out;
}
