import { isNotRun } from "../../claims/card.ts";
import { rerunNull, rerunNullName, rerunsOf } from "../../claims/nulls/rerun-null.ts";
import { nullCost } from "../../claims/nulls/run-null.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { type TokenPredictor, tokenPredictor } from "../../models/token-predictor.ts";
import { tokenRegressor } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import type { StudyContext } from "../contract.ts";
import { type Background, inBackground } from "./background.ts";
import { claimStatistics, middleOf } from "./claim-statistics.ts";
import { bindingJob, flags } from "./controls.ts";
import type { NuclearData } from "./data.ts";
import { matchStrengths } from "./match-strengths.ts";
import { trainNetworks } from "./networks.ts";
import type { NuclearOptions } from "./params.ts";
import { tokenTable } from "./subject.ts";

/** Networks trained on binding energies that were dealt out anew. */
export interface Reruns {
  /** The options of their recipe. */
  options: NuclearOptions;
  /**
   * Networks of the same recipe on the true energies, where it is not the study's own: what the reruns are held
   * against. None where the study's own networks are that.
   */
  true: TrainedTokenRegressor[];
  /** One a round. */
  permuted: TrainedTokenRegressor[];
}

/** The options by which reruns train: the study's, with those of `rerunWidth`, `rerunEpochs`, `rerunRate` that are not 0. */
export function rerunOptions(options: NuclearOptions): NuclearOptions {
  const { rerunWidth, rerunEpochs, rerunRate } = options;
  return {
    ...options,
    tasks: "binding",
    ...(rerunWidth > 0 && { width: rerunWidth }),
    ...(rerunEpochs > 0 && { epochs: rerunEpochs }),
    ...(rerunRate > 0 && { learningRate: rerunRate }),
  };
}

/** Do reruns train by the study's own recipe, so that its own networks are what they are held against? */
export function ownRecipe(options: NuclearOptions): boolean {
  const own = rerunOptions(options);
  return (["tasks", "width", "epochs", "learningRate"] as const).every((name) => own[name] === options[name]);
}

/** How many networks option `reruns` trains. */
export function rerunCount(options: NuclearOptions): number {
  return options.reruns === 0 ? 0 : options.reruns + (ownRecipe(options) ? 0 : options.seeds);
}

/**
 * Starts the strictest null of the claims: the binding energies are dealt out anew over all nuclei and a network is
 * trained on them, once a round, several at a time beside whatever the study does next. With fewer than two threads
 * they wait until they are asked for. Each leaves a checkpoint.
 */
export function startReruns(
  data: NuclearData,
  options: NuclearOptions,
  context: Pick<StudyContext, "checkpoints" | "threads" | "task" | "seed" | "say"> & {
    random: Random;
    /** Seconds of one training with these options, to say the cost before. */
    seconds(options: NuclearOptions): number;
  },
): Background<Reruns> {
  const { samples, split } = data;
  const own = rerunOptions(options);
  if (options.reruns > 0) {
    const seconds = (context.seconds(own) * rerunCount(options)) / options.reruns;
    context.say(
      nullCost(rerunNullName, options.reruns, {
        each: `one network of width ${own.width} trained anew`,
        seconds: seconds / Math.max(1, context.threads),
      }).text,
    );
  }
  const train = split.train.filter((i) => samples.task[i] === 0);
  const job = (value: Float64Array, name: string, seed: number) =>
    bindingJob(data, own, {
      ...{ samples: { ...samples, value }, train, name, seed },
      training: { rows: "gather", points: 2 },
    });
  const truths = options.reruns === 0 || ownRecipe(options) ? 0 : options.seeds;
  const jobs = [
    ...Array.from({ length: truths }, (_, k) =>
      job(samples.value, `rerun-true${k}`, context.random.fork("true", k).int(2 ** 31)),
    ),
    ...rerunsOf({ ...dealing(data, context), rounds: options.reruns }).map(({ targets, seed }) => {
      const value = samples.value.slice();
      bindingEntries(data).forEach((row, i) => {
        value[row] = targets[i]!;
      });
      return job(value, `rerun${seed}`, seed);
    }),
  ];
  return inBackground(
    async (task) => {
      const networks = jobs.length === 0 ? [] : await trainNetworks(jobs, { ...context, task });
      return { options: own, true: networks.slice(0, truths), permuted: networks.slice(truths) };
    },
    { signal: context.task.signal, lazily: context.threads < 2 },
  );
}

/**
 * The claims with one null test more: each claim's statistic, from the same reruns. Where the reruns have a recipe of
 * their own, the observed value is that of the middle network of the same recipe on the true energies.
 */
export async function withReruns(
  claims: readonly ClaimWithCard[],
  data: NuclearData,
  options: NuclearOptions,
  reruns: Reruns,
  context: Pick<StudyContext, "task" | "seed"> & { random: Random; judged: Int32Array },
): Promise<ClaimWithCard[]> {
  if (reruns.permuted.length === 0) return [...claims];
  const own = reruns.options;
  const { judged } = context;
  const { width, depth, epochs } = own;
  const vocabularies = [data.trainedZ.length, data.trainedN.length, 1] as const;
  const model = tokenRegressor({ vocabularies, width, depth });
  const predictor = tokenPredictor(model, {
    dtype: own.dtype,
    device: own.device,
    threads: own.operationThreads,
  });
  try {
    const networks = [...reruns.true, ...reruns.permuted];
    const found = await statisticsOf(networks, data, model, predictor, judged, context.task);
    const truths = found.slice(0, reruns.true.length);
    const permuted = found.slice(reruns.true.length);
    const recipe = ownRecipe(options) ? "" : `, by networks of width ${width}, ${epochs} epochs`;
    const out: ClaimWithCard[] = [];
    for (const { claim, card } of claims) {
      const of = (statistics: Record<string, number>) => statistics[claim.id];
      if (isNotRun(card.null) || permuted.some((statistics) => of(statistics) === undefined)) {
        out.push({ claim, card });
        continue;
      }
      const true_ = truths.map((statistics) => of(statistics)!);
      const { statistic, observed } = card.null[0]!;
      const { test } = await rerunNull({
        ...dealing(data, context),
        pipeline: async (_, seed) => of(permuted[seed - context.seed - 1]!)!,
        statistic: `${statistic}${recipe}`,
        observed: true_.length > 0 ? true_[middleOf(true_)]! : observed,
        rounds: permuted.length,
        cost: { each: "one network trained anew, the same for all claims" },
      });
      out.push({ claim, card: { ...card, null: [...card.null, test] } });
    }
    return out;
  } finally {
    await predictor.release();
  }
}

/** The statistic of every claim that reruns can test, by the claim's id, for each network. */
async function statisticsOf(
  networks: readonly TrainedTokenRegressor[],
  data: NuclearData,
  model: ReturnType<typeof tokenRegressor>,
  predictor: TokenPredictor,
  judged: Int32Array,
  task: Task,
): Promise<Record<string, number>[]> {
  const { samples } = data;
  const train = data.split.train.filter((i) => samples.task[i] === 0);
  const trained = {
    Z: flags(samples.z, train, data.trainedZ),
    N: flags(samples.n, train, data.trainedN),
  };
  const out: Record<string, number>[] = [];
  for (const [k, network] of networks.entries()) {
    task.check();
    const own = Object.entries(claimStatistics).map(([id, { table, of }]) => [
      id,
      of(tokenTable(model, network.parameters, table, trained[table])),
    ]);
    out.push({
      ...Object.fromEntries(own),
      ...(await matchStrengths({ data, model, network, predictor, judged })),
    });
    task.report((k + 1) / networks.length, "reruns on permuted targets");
  }
  return out;
}

/** What is dealt out: the binding energies of all nuclei, those that are held out too. */
function dealing(
  data: NuclearData,
  { seed, random }: { seed: number; random: Random },
): { targets: number[]; seed: number; random: Random } {
  return { targets: bindingEntries(data).map((i) => data.samples.value[i]!), seed, random };
}

function bindingEntries({ samples }: NuclearData): number[] {
  return Array.from(samples.task.keys()).filter((i) => samples.task[i] === 0);
}
