import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { analyseLandscape } from "../../lenses/landscape/analyse.ts";
import type { LandscapeAnalysis } from "../../lenses/landscape/analysis.ts";
import { alignGroup } from "../../lenses/landscape/conserved/align-group.ts";
import { chooseGroup } from "../../lenses/landscape/conserved/choose-group.ts";
import { featureScores } from "../../lenses/landscape/conserved/feature-scores.ts";
import { groupRefusal, groupStatistics } from "../../lenses/landscape/conserved/group-statistics.ts";
import type { GrownExploration } from "../../lenses/landscape/explore-until.ts";
import { growthOf, type LandscapeOptions } from "../../lenses/landscape/options.ts";
import { classifierSource, firstLayerOf, type LandscapeSubject } from "../../lenses/landscape/subject.ts";
import { alignClassifier } from "../../models/classifier/align.ts";
import type { StudyContext } from "../contract.ts";
import { type SeedData, seedData } from "./classifier-data.ts";
import { checkpointedExplorer, earlierNetwork } from "./explore-checkpointed.ts";
import type { StudyOptions } from "./params.ts";

/** A seed's landscape and what was found of it. */
export interface SeedResult {
  seed: number;
  data: SeedData;
  found: GrownExploration;
  subject: LandscapeSubject;
  analysis: LandscapeAnalysis;
  /** Of the analysis: the first seed alone has explorations with shuffled labels. */
  options: LandscapeOptions;
  random: Random;
}

/** Explores the loss of every seed's classifier, and then looks at each with the others beside it. */
export async function classifierResults(
  options: StudyOptions,
  lens: LandscapeOptions,
  context: Pick<StudyContext, "random" | "checkpoints" | "threads" | "say">,
  task: Task,
): Promise<SeedResult[]> {
  const { random } = context;
  const explore = checkpointedExplorer(lens, context);
  const seeds = Array.from({ length: options.seeds }, (_, s) => s);
  const made = seeds.map((seed) => seedData(options, seed, random));
  const explored: GrownExploration[] = [];
  for (const seed of seeds) {
    const { part } = made[seed]!;
    const earlier = seed === 0 ? earlierNetwork(options.network, part.problem.name!) : undefined;
    const found = await explore(
      classifierSource(part.problem),
      {
        seed: random.fork("exploration", seed).int(2 ** 30),
        label: `seed-${seed}`,
        task: task.part((0.6 * seed) / seeds.length, (0.6 * (seed + 1)) / seeds.length, `seed ${seed}`),
      },
      earlier,
    );
    context.say(
      `seed ${seed}: ${found.network.minima.length} minima, ${found.network.saddles.length} transition states, ${found.group.minima.length} in the group`,
    );
    explored.push(found);
  }
  const scores = seeds.map((seed) => scoresOf(made[seed]!, explored[seed]!, lens));
  const results: SeedResult[] = [];
  for (const seed of seeds) {
    const data = made[seed]!;
    const { problem } = data.part;
    const own: LandscapeOptions = seed === 0 ? lens : { ...lens, labelNulls: 0 };
    const { shape } = problem;
    const subject: LandscapeSubject = {
      id: `landscape.seed.${seed}`,
      title: `${data.name}, seed ${seed}`,
      about: {
        model: `classifier ${[shape.inputs, ...shape.hidden, shape.classes].join("-")}, λ = ${problem.lambda}`,
        data: `${data.name}, ${problem.data.rows} rows`,
        seeds: [seed],
      },
      energy: { label: "regularised loss", unit: "" },
      source: classifierSource(problem),
      network: explored[seed]!.network,
      classifier: data.part,
      others: seeds.flatMap((other) => {
        const values = scores[other];
        return other === seed || !values ? [] : [{ seed: other, scores: values }];
      }),
      provenance: data.provenance,
    };
    const from = 0.6 + (0.4 * seed) / seeds.length;
    const stream = random.fork("look", seed);
    const analysis = await analyseLandscape(
      subject,
      own,
      { task: task.part(from, from + 0.4 / seeds.length, `seed ${seed}`), random: stream },
      { explore },
    );
    results.push({ seed, data, found: explored[seed]!, subject, analysis, options: own, random: stream });
  }
  return results;
}

/** Feature scores of a seed's group alone; undefined for a group that is too small. */
function scoresOf(
  { part }: SeedData,
  { network }: GrownExploration,
  options: LandscapeOptions,
): Float64Array | undefined {
  const group = chooseGroup(network, growthOf(options));
  if (groupRefusal(group.minima.length, options.least) !== undefined) return undefined;
  const { shape } = part.problem;
  const align = (reference: Float64Array, x: Float64Array) => {
    const { weights, distance } = alignClassifier(shape, reference, x);
    return { x: weights, distance };
  };
  const at = (id: number) => network.minima[id]!.x;
  const aligned = alignGroup(group.minima.map(at), at(group.bottom), { align });
  return featureScores(groupStatistics(aligned, options), firstLayerOf(shape));
}
