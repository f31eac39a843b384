import { assembleReportClaims } from "../claims/report-claims.ts";
import { defaults, type Values } from "../core/params.ts";
import { nature } from "../lenses/curvature/about.ts";
import { analyseCurvature } from "../lenses/curvature/analyse.ts";
import type { Points } from "../lenses/curvature/axis.ts";
import { curvatureFindings } from "../lenses/curvature/findings.ts";
import type { CurvatureOptions } from "../lenses/curvature/prepare.ts";
import type { CurvatureSubject } from "../lenses/curvature/subject.ts";
import type { Objective, Samples } from "../models/objective/contract.ts";
import { tokenObjectiveSamples, tokenRegressorObjective } from "../models/objective/token-regressor.ts";
import { takeSamples } from "../models/samples.ts";
import { minMaxScaling } from "../models/target-scaling.ts";
import { trainTokenRegressor } from "../models/train-token-regressor.ts";
import type { Schedule } from "../optim/schedule.ts";
import type { Study, StudyContext, StudyResult } from "./contract.ts";
import { citations } from "./nuclear/citations.ts";
import { type NuclearData, nuclearData } from "./nuclear/data.ts";
import { params as nuclear, presets as nuclearPresets } from "./nuclear/params.ts";
import { influenceCharts } from "./nuclear-influence/charts.ts";
import { chosenNuclei, nucleusName } from "./nuclear-influence/chosen.ts";
import { polishNetwork } from "./nuclear-influence/polish.ts";

const params = {
  data: nuclear.data,
  minZ: nuclear.minZ,
  minN: nuclear.minN,
  fraction: nuclear.fraction,
  width: { ...nuclear.width, default: 32 },
  depth: nuclear.depth,
  epochs: nuclear.epochs,
  nuclei: {
    type: "string",
    default: "",
    help: "Held-out nuclei to ask about, such as Z50N70,Z82N126; without it five spread over the chart.",
  },
  ridge: {
    type: "number",
    default: 1e-10,
    min: 0,
    max: 1,
    help: "Coefficient of ½‖θ‖² in the loss (scaled outputs) whose curvature is taken.",
  },
  polish: {
    type: "int",
    default: 20,
    min: 0,
    max: 1000,
    help: "Gauss–Newton steps after training, towards a minimum of that loss.",
  },
  rank: { ...nature.params.rank, default: 60 },
  top: nature.params.top,
  leaveOut: { ...nature.params.leaveOut, default: 3 },
  nulls: nature.params.nulls,
} as const;

type Options = Values<typeof params>;

/** Which nuclei drove the prediction for a held-out nucleus: the curvature lens on the network of nuclear masses. */
export const nuclearInfluenceStudy: Study<typeof params> = {
  name: "influence-nuclear",
  question:
    "Which measured nuclei drove a network's prediction of a held-out nucleus's binding energy, and how sure is it?",
  params,
  presets: { quick: {}, full: { width: 64, epochs: 10_000, polish: 60, leaveOut: 10, nulls: 999 } },
  estimate: ({ width, epochs, polish, leaveOut }) => ({
    seconds: Math.ceil(
      20 + epochs * 0.004 * (width / 32) + (polish + 6 * leaveOut) * 2.5 * (width / 32) ** 2,
    ),
    note: "one network, its Gauss–Newton matrix through the kernel of the training nuclei, and some retraining",
  }),
  run,
};

async function run(options: Options, context: StudyContext): Promise<StudyResult> {
  const { task, random } = context;
  const study = { ...defaults(nuclear), ...nuclearPresets.quick, ...options, seeds: 1 };
  const data = await nuclearData(study as Values<typeof nuclear>, random);
  const learned = takeSamples(data.samples, data.split.train);
  const { width, depth } = options;
  const trained = await trainTokenRegressor({
    config: { vocabularies: [data.trainedZ.length, data.trainedN.length, data.tasks.length], width, depth },
    samples: data.samples,
    train: data.split.train,
    validation: data.validation,
    scaling: minMaxScaling(
      learned,
      data.tasks.map(({ name }) => name),
    ),
    training: {
      epochs: options.epochs,
      learningRate: study.learningRate,
      schedule: study.schedule as Schedule,
      warmup: study.warmup,
      weightDecay: study.weightDecay,
      batch: study.batch,
      taskWeights: data.tasks.map(({ weight }) => weight),
      dtype: "float32",
    },
    random: random.fork("network"),
    task: task.part(0, 0.35, "training"),
    unit: "keV",
    checkpoint: { store: context.checkpoints, key: "influence-nuclear/network" },
  });
  const { config, scaling } = trained;
  const objective = tokenRegressorObjective({
    config,
    samples: learned,
    scaling,
    ridge: options.ridge,
    task,
  });
  try {
    const polished = await polishNetwork(objective, Float64Array.from(trained.parameters), {
      steps: options.polish,
      task: task.part(0.35, 0.55),
    });
    const asked = chosenNuclei(options.nuclei, data);
    const subject = subjectOf(data, asked, {
      objective,
      parameters: polished.parameters,
      samples: tokenObjectiveSamples(takeSamples(data.samples, asked), config, scaling),
    });
    const lens: CurvatureOptions = {
      ...defaults(nature.params),
      curvature: "ggn",
      rank: options.rank,
      top: options.top,
      leaveOut: options.leaveOut,
      leaveOutTests: Math.min(3, asked.length),
      bootstraps: 0,
      nulls: options.nulls,
      stationary: 1e-6,
    };
    const analysis = await analyseCurvature(
      subject,
      lens,
      { task: task.part(0.55, 1), random: random.fork("curvature") },
      { randomGroups: 3 },
    );
    const findings = curvatureFindings(subject, analysis, lens);
    findings.figures.push(...influenceCharts(data, asked, analysis.answers[0]!, scaling.range[0]!));
    Object.assign(findings.metrics, {
      "nuclear.polish.before": polished.before,
      "nuclear.polish.after": polished.after,
      "nuclear.train.rms_keV": trained.curve.training.at(-1)!,
      "nuclear.validation.rms_keV": trained.curve.validation.at(-1)!,
    });
    findings.diagnostics.unshift({
      level: "note",
      message: `Training with decoupled weight decay ends at no minimum of any loss; ${polished.steps} Gauss–Newton steps on the mean squared error with a ridge of ${options.ridge} took the gradient's norm from ${polished.before.toExponential(1)} to ${polished.after.toExponential(1)}.`,
    });
    return {
      asked: `A network learned binding energies from ${learned.value.length} nuclei. Which of them drove its prediction for ${subject.tests[0]!.points.names.join(", ")}, none of which it saw?`,
      summary: findings.summary,
      sections: [{ title: "Which nuclei drove the prediction", asked: nature.question, ...findings }],
      claims: assembleReportClaims(findings.claims ?? []),
      files: [],
      provenance: [...data.source.provenance],
      citations: [...nature.citations, ...citations],
    };
  } finally {
    await objective.release();
  }
}

/** The network as the lens takes it: nuclei along the mass number, each held-out nucleus a group of its own. */
function subjectOf(
  data: NuclearData,
  asked: readonly number[],
  model: { objective: Objective; parameters: Float64Array; samples: Samples },
): CurvatureSubject {
  const { samples, split } = data;
  const points = (rows: ArrayLike<number>): Points => ({
    names: Array.from(rows, (row) => nucleusName(data, row)),
    control: Float64Array.from(rows, (row) => samples.z[row]! + samples.n[row]!),
  });
  const test = points(asked);
  return {
    id: "nuclear",
    title: "the nuclear network",
    about: {
      model: model.objective.name,
      data: `binding energies of ${split.train.length} nuclei (${data.source.provenance[0]?.name ?? data.source.name})`,
      seeds: [0],
    },
    source: { kind: "model", objective: model.objective, parameters: model.parameters },
    axis: { name: "A", label: "mass number A", unit: "" },
    train: points(split.train),
    tests: [{ name: "heldOut", points: test, samples: model.samples, groups: test.names }],
    output: { label: "binding energy", unit: "keV" },
    provenance: data.source.provenance,
  };
}
