import { assembleReportClaims } from "../claims/report-claims.ts";
import { defaults, type Values } from "../core/params.ts";
import type { Task } from "../core/task.ts";
import { nature } from "../lenses/curvature/about.ts";
import { analyseCurvature } from "../lenses/curvature/analyse.ts";
import type { Answers } from "../lenses/curvature/ask.ts";
import type { Points } from "../lenses/curvature/axis.ts";
import { curvatureFindings } from "../lenses/curvature/findings.ts";
import { freezeAllBut, type Part } from "../lenses/curvature/freeze.ts";
import type { CurvatureOptions } from "../lenses/curvature/prepare.ts";
import type { CurvatureSubject } from "../lenses/curvature/subject.ts";
import type { Objective, Samples } from "../models/objective/contract.ts";
import { tokenObjectiveSamples, tokenRegressorObjective } from "../models/objective/token-regressor.ts";
import { retrainer } from "../models/retrain.ts";
import { takeSamples } from "../models/samples.ts";
import { minMaxScaling } from "../models/target-scaling.ts";
import { trainTokenRegressor } from "../models/train-token-regressor.ts";
import type { Schedule } from "../optim/schedule.ts";
import { norm } from "../optim/vector.ts";
import type { Study, StudyContext, StudyResult } from "./contract.ts";
import { citations } from "./nuclear/citations.ts";
import { type NuclearData, nuclearData } from "./nuclear/data.ts";
import { params as nuclear, presets as nuclearPresets } from "./nuclear/params.ts";
import { askedMetrics, askedTable } from "./nuclear-influence/asked.ts";
import { influenceCharts } from "./nuclear-influence/charts.ts";
import { chosenNuclei, nucleusName } from "./nuclear-influence/chosen.ts";

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
  part: {
    type: "choice",
    default: "readout",
    choices: ["readout", "all"],
    help: "Curvature of the readout alone, where leaving a nucleus out can be checked exactly, or of all parameters (Gauss–Newton, damped).",
  },
  damping: {
    type: "number",
    default: 1e-4,
    min: 0,
    max: 10,
    help: "Damping of the Gauss–Newton matrix of all parameters, where there are more parameters than nuclei.",
  },
  rank: { ...nature.params.rank, default: 60 },
  top: nature.params.top,
  leaveOut: nature.params.leaveOut,
  randomGroups: {
    type: "int",
    default: 99,
    min: 3,
    max: 9999,
    help: "Times that as many random nuclei are left out instead; 19 make p = 0.05 possible.",
  },
  subsets: { ...nature.params.subsets, default: 40 },
  nulls: nature.params.nulls,
} as const;

type Options = Values<typeof params>;

/** Which nuclei drove the prediction for a held-out nucleus: the curvature lens on the network of nuclear masses. */
export const nuclearInfluenceStudy: Study<typeof params> = {
  name: "influence-nuclear",
  question:
    "Which measured nuclei drove a network's prediction of a held-out nucleus's binding energy, and how sure is it?",
  params,
  presets: { quick: {}, full: { width: 64, epochs: 10_000, leaveOut: 10, subsets: 200, nulls: 999 } },
  estimate: ({ width, epochs, part, subsets }) => ({
    seconds: Math.ceil(
      15 + epochs * 0.006 * (width / 32) + (part === "all" ? 60 * (width / 32) : 0.03 * subsets),
    ),
    note:
      part === "all"
        ? "one network, and the Gauss–Newton curvature of all its parameters"
        : "one network, the curvature of its readout, and some retraining of it",
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
    const all = options.part === "all";
    const start = Float64Array.from(trained.parameters);
    const part = all ? { objective, parameters: start } : freezeAllBut(objective, start);
    const before = norm((await part.objective.valueAndGradient(part.parameters)).gradient);
    if (!all) part.parameters = await readoutAtMinimum(part, task.part(0.35, 0.45));
    const asked = chosenNuclei(options.nuclei, data);
    const subject = subjectOf(data, asked, {
      ...part,
      samples: tokenObjectiveSamples(takeSamples(data.samples, asked), config, scaling),
      range: scaling.range[0]!,
    });
    const lens: CurvatureOptions = {
      ...defaults(nature.params),
      curvature: all ? "ggn" : "exact",
      damping: all ? options.damping : 0,
      rank: options.rank,
      top: options.top,
      leaveOut: all ? 0 : options.leaveOut,
      leaveOutTests: asked.length,
      subsets: all ? 0 : options.subsets,
      settled: "gap",
      bootstraps: 0,
      nulls: options.nulls,
      stationary: 1e-7,
    };
    const analysis = await analyseCurvature(
      subject,
      lens,
      { task: task.part(0.45, 1), random: random.fork("curvature") },
      { randomGroups: options.randomGroups },
    );
    const after = analysis.prepared.stationarity.gradientNorm;
    const findings = curvatureFindings(subject, analysis, lens);
    const [answers] = analysis.answers as [Answers];
    const range = scaling.range[0]!;
    findings.figures.push(...influenceCharts(data, asked, answers, range));
    findings.tables.unshift(askedTable(data, asked, answers, range));
    Object.assign(findings.metrics, {
      "nuclear.gradient.trained": before,
      "nuclear.gradient.used": after,
      "nuclear.train.rms_keV": trained.curve.training.at(-1)!,
      "nuclear.validation.rms_keV": trained.curve.validation.at(-1)!,
      ...askedMetrics(data, asked, answers, range),
    });
    findings.diagnostics.unshift({
      level: "note",
      message: all
        ? `Training with decoupled weight decay ends at no minimum of any loss (gradient norm ${before.toExponential(1)}); influences are the response of these parameters in a damped Gauss–Newton metric, and were not checked by retraining.`
        : `Training with decoupled weight decay ends at no minimum of any loss; the readout was then solved to the minimum of the mean squared error with a ridge of ${options.ridge} (gradient norm from ${before.toExponential(1)} to ${after.toExponential(1)}), the layers before it frozen. What these layers owe to a nucleus is not counted.`,
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
  model: { objective: Objective; parameters: Float64Array; samples: Samples; range: number },
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
    output: { label: "binding energy", unit: "keV", scale: model.range },
    ordered: false,
    provenance: data.source.provenance,
  };
}

/** The readout at the minimum of the loss, all else frozen: linear least squares with a ridge, so one Newton step and more. */
async function readoutAtMinimum({ objective, parameters }: Part, task: Task): Promise<Float64Array> {
  const hessian = await objective.hessian(parameters);
  const end = await retrainer(objective, parameters, { hessian, tolerance: 1e-13 })(undefined, task);
  return end.parameters;
}
