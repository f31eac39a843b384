import { isNotRun } from "../../claims/card.ts";
import { rerunNull } from "../../claims/nulls/rerun-null.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import { createTask, type Task } from "../../core/task.ts";
import type { TokenTable } from "../../lenses/embedding/subject.ts";
import { tokenRegressor } from "../../models/token-regressor.ts";
import type { StudyContext } from "../contract.ts";
import { claimStatistics } from "./claim-statistics.ts";
import { bindingJob } from "./controls.ts";
import type { NuclearData } from "./data.ts";
import { trainNetworks } from "./networks.ts";
import type { NuclearOptions } from "./params.ts";
import { embeddingRows } from "./subject.ts";

/**
 * Adds the strictest null to the claims on N: the binding energies are dealt out anew over all nuclei, and a network is
 * trained on them by the study's recipe, once a round; every claim's statistic is taken from the same networks. Rounds
 * run side by side on the study's threads and leave checkpoints.
 * @returns the claims, those that reruns can test with one null test more; the same claims for option `reruns` 0.
 */
export async function withReruns(
  claims: readonly ClaimWithCard[],
  data: NuclearData,
  options: NuclearOptions,
  context: Pick<StudyContext, "checkpoints" | "threads" | "seed" | "say"> & {
    task: Task;
    random: Random;
    /** Seconds of one training, to say the cost before. */
    seconds: number;
  },
): Promise<ClaimWithCard[]> {
  if (options.reruns === 0) return [...claims];
  const { samples, split } = data;
  const rows = Array.from(samples.task.keys()).filter((i) => samples.task[i] === 0);
  const train = split.train.filter((i) => samples.task[i] === 0);
  const model = tokenRegressor({
    vocabularies: [data.trainedZ.length, data.trainedN.length, 1],
    width: options.width,
    depth: options.depth,
  });
  const tables = new Map<number, Promise<TokenTable>>();
  const trainOn = async (targets: Float64Array, seed: number): Promise<TokenTable> => {
    const value = samples.value.slice();
    rows.forEach((row, i) => {
      value[row] = targets[i]!;
    });
    const job = bindingJob(data, options, context, {
      samples: { ...samples, value },
      train,
      name: `rerun${seed}`,
      seed,
    });
    const [network] = await trainNetworks([job], {
      threads: context.threads,
      task: createTask({ signal: context.task.signal }),
    });
    const trained = data.trainedN.map((_, token) => train.some((i) => samples.n[i] === token));
    return {
      name: "N",
      tokens: trained.map((_, token) => token),
      rows: embeddingRows(model, network!.parameters, "N"),
      trained,
    };
  };
  const out: ClaimWithCard[] = [];
  for (const { claim, card } of claims) {
    const statistic = claimStatistics[claim.id as keyof typeof claimStatistics];
    if (statistic?.table !== "N" || isNotRun(card.null)) {
      out.push({ claim, card });
      continue;
    }
    const first = tables.size === 0;
    const { test } = await rerunNull({
      pipeline: async (targets, seed) => {
        if (!tables.has(seed)) tables.set(seed, trainOn(targets, seed));
        return statistic.of(await tables.get(seed)!);
      },
      targets: rows.map((i) => samples.value[i]!),
      statistic: card.null[0]!.statistic,
      observed: card.null[0]!.observed,
      rounds: options.reruns,
      seed: context.seed,
      random: context.random,
      cost: {
        each: "one network trained anew",
        ...(first && { seconds: context.seconds / Math.max(1, context.threads) }),
      },
      parallel: Math.max(1, context.threads),
      task: context.task,
      ...(first && { announce: ({ text }: { text: string }) => context.say(text) }),
    });
    out.push({ claim, card: { ...card, null: [...card.null, test] } });
  }
  return out;
}
