import { randomWalk } from "../../claims/nulls/random-walk.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { fitHelix } from "../../lenses/embedding/helix.ts";
import { testHelix } from "../../lenses/embedding/helix-test.ts";
import { helixWindow } from "../../lenses/embedding/helix-window.ts";
import { embeddingLens } from "../../lenses/embedding/lens.ts";
import { pca } from "../../linalg/pca.ts";
import { tokenRegressor } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import { baselines as dotsFigure } from "../../report/figures/baselines.ts";
import { median } from "../../stats/quantile.ts";
import type { Section } from "../contract.ts";
import { windows } from "./claim-statistics.ts";
import type { Control } from "./controls.ts";
import type { NuclearData } from "./data.ts";
import { tokenTable } from "./subject.ts";

/** Tokens of the window that null.randomwalk.helix_r2 is stated for. */
const windowTokens = 80;

/**
 * The part of the report on what must not show a helix: the controls ({@link controlJobs}) through the same test, and
 * the helix fit's R² on random walks.
 * @param options.own each study network's metrics of the embedding lens, for the figure and the sentence
 */
export async function controlSection(options: {
  data: NuclearData;
  controls: readonly (Control & { network: TrainedTokenRegressor })[];
  own: readonly Readonly<Record<string, number>>[];
  rounds: number;
  width: number;
  task: Task;
  random: Random;
}): Promise<Section> {
  const { data, controls, own, rounds, width, task, random } = options;
  const findings = emptyFindings();
  const { provenance } = data.source;
  const rows = [
    { label: "study's networks", group: "binding energy", values: own.map((of) => of["helix.N.q"]!) },
  ];
  const chance: { label: string; group: string; values: number[] }[] = [];
  for (const [k, { name, what, job, trainedN, network }] of controls.entries()) {
    const model = tokenRegressor(job.config);
    const table = tokenTable(model, network.parameters, "N", trainedN);
    const test = await testHelix(
      helixWindow(table, windows.N),
      { rounds, smoothLength: embeddingLens.params.smoothLength.default },
      {
        task: task.part((0.8 * k) / controls.length, (0.8 * (k + 1)) / controls.length),
        random: random.fork(name),
      },
    );
    const { statistic, fit, walk, smooth } = test;
    Object.assign(findings.metrics, {
      [`control.${name}.helix.N.p`]: walk.p,
      [`control.${name}.helix.N.p.smooth`]: smooth.p,
      [`control.${name}.helix.N.q`]: statistic.q,
      [`control.${name}.helix.N.r2`]: fit.r2,
      [`control.${name}.helix.N.turns`]: fit.turns,
      [`control.${name}.train.rms_keV`]: network.curve.training.at(-1)!,
      [`control.${name}.val.rms_keV`]: network.curve.validation.at(-1)!,
    });
    rows.push({ label: `control: ${name}`, group: "control", values: [statistic.q] });
    const found = walk.p <= 0.05 && fit.turns >= 1.5;
    findings.summary.push(
      `The ${name} control (${what}) ${found ? "shows a helix all the same" : "shows no helix"}: ${fit.turns.toFixed(2)} turns, R² ${fit.r2.toFixed(3)}, q ${statistic.q.toFixed(3)}, p ${walk.p.toPrecision(2)} against random walks.`,
    );
    chance.splice(
      0,
      2,
      { label: "random walks, 99 % below", group: "chance", values: [high(walk.values)] },
      { label: "smooth paths, 99 % below", group: "chance", values: [high(smooth.values)] },
    );
  }
  const walks = randomWalkFits(width, rounds, random.fork("walk"));
  findings.metrics["null.randomwalk.helix_r2"] = median(walks.r2);
  findings.metrics["null.randomwalk.helix_turns"] = median(walks.turns);
  findings.summary.push(
    `The helix fit's R² is ${median(walks.r2).toFixed(3)} (median of ${rounds} draws) for a random walk of ${windowTokens} steps, so R² is no evidence; the walks' fits have ${median(walks.turns).toFixed(2)} turns.`,
  );
  const p = median(own.map((of) => of["helix.N.p"]!));
  findings.diagnostics.push(
    note(
      `helix.N.p, the headline, is the median over the study's networks of each network's p against random walks: ${p.toPrecision(2)} (${own.map((of) => of["helix.N.p"]!.toPrecision(2)).join(", ")}).`,
    ),
  );
  if (chance.length > 0) {
    findings.figures.push(
      dotsFigure({
        name: "helix-controls",
        title: "How well N 40–119 circles: the study's networks, controls, chance",
        caption: `The test statistic q of the neutron embeddings; 1 is a perfect circle run through at constant speed. Chance: the values below which 99 % of ${rounds} random walks, and of as many smooth random paths, stay. One network a control.`,
        rows: [...rows, ...chance],
        errorLabel: "helix test statistic q",
        unit: "",
        provenance,
      }),
    );
  }
  task.report(1);
  return {
    title: "Where no helix should be",
    asked: "Do networks that learn no nuclear structure show the same helix, and does chance?",
    ...findings,
  };
}

function high(values: Float64Array): number {
  const order = values.slice().sort();
  return order[Math.floor(0.99 * (order.length - 1))]!;
}

/** R² and turns of helices fitted to the first three components of random walks. */
function randomWalkFits(width: number, rounds: number, random: Random) {
  const t = Float64Array.from({ length: windowTokens }, (_, i) => i / (windowTokens - 1));
  const fits = Array.from({ length: rounds }, (_, b) =>
    fitHelix(pca(randomWalk(windowTokens, width, random.fork(b)), { components: 3 }).scores, t),
  );
  return { r2: fits.map((fit) => fit.r2), turns: fits.map((fit) => fit.turns) };
}
