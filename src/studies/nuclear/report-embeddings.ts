import { defaults } from "../../core/params.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Findings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { aggregate } from "../../lenses/embedding/aggregate.ts";
import { embeddingLens } from "../../lenses/embedding/lens.ts";
import type { TokenPredictor } from "../../models/token-predictor.ts";
import type { TokenRegressor } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import type { Section } from "../contract.ts";
import { middleOf } from "./claim-statistics.ts";
import type { NuclearData } from "./data.ts";
import type { Evaluation } from "./evaluate.ts";
import type { NuclearOptions } from "./params.ts";
import { embeddingSubject } from "./subject.ts";

/**
 * The part of the report on the embeddings: the lens on every network. Metrics are medians over the networks with each
 * network's beside them; figures are of the network whose helix statistic of N is the middle one (the lower of two), of which
 * the claim speaks too.
 */
export async function embeddingSection(options: {
  data: NuclearData;
  model: TokenRegressor;
  networks: readonly TrainedTokenRegressor[];
  evaluation: Evaluation;
  predictor: TokenPredictor;
  study: NuclearOptions;
  fixedN: readonly number[];
  references: readonly { label: string; value: number }[];
  task: Task;
  random: Random;
}): Promise<Section> {
  const { data, model, networks, evaluation, predictor, study, fixedN, references, task } = options;
  const judged = Int32Array.from([...evaluation.training, ...evaluation.validation]).sort();
  const found: Findings[] = [];
  for (const [k, network] of networks.entries()) {
    const part = task.part(k / networks.length, (k + 1) / networks.length, `embeddings of network ${k}`);
    const subject = await embeddingSubject({ data, model, network, predictor, judged, fixedN, references });
    const lensOptions = {
      ...defaults(embeddingLens.params),
      nulls: study.nulls,
      maxComponents: study.maxComponents,
    };
    found.push(
      await embeddingLens.look(subject, lensOptions, {
        task: part,
        random: options.random.fork("embedding", k),
      }),
    );
  }
  const shown = middleOf(found.map(({ metrics: own }) => own["helix.N.q"]!));
  const of = found[shown]!;
  const metrics = aggregate(found.map((findings, seed) => ({ seed, metrics: findings.metrics })));
  const turns = found.map(({ metrics: own }) => own["helix.N.turns"]!);
  const fits = found.map(({ metrics: own }) => own["helix.N.r2"]!);
  return {
    title: "What the embeddings hold",
    asked: embeddingLens.question,
    ...of,
    metrics,
    diagnostics: [
      note(
        `Figures, tables and notes are of network ${shown}, whose helix statistic of N is the middle one; metrics are medians over ${networks.length} networks, each network's under its own name. Truncation is judged on the ${judged.length} nuclei of training and validation together.`,
      ),
      ...of.diagnostics,
    ],
    summary: [
      `A helix fitted to the neutron embeddings N = 40–119 has ${median(metrics, "helix.N.turns")} turns and R² = ${median(metrics, "helix.N.r2")}; its q has p = ${median(metrics, "helix.N.p")} against random walks and ${median(metrics, "helix.N.p.smooth")} against smooth paths (medians; single networks: ${turns.map((f, k) => `${f.toFixed(2)} turns, ${fits[k]!.toFixed(3)}`).join("; ")}).`,
      ...of.summary.map((sentence) => `Network ${shown}: ${sentence}`),
    ],
  };
}

function median(metrics: Readonly<Record<string, number>>, name: string): string {
  return metrics[name]!.toPrecision(3);
}
