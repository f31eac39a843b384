import { demand, UserError } from "../../core/errors.ts";
import type { Provenance } from "../../data/table.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import type { Objective, Samples } from "../../models/objective/contract.ts";
import type { ControlAxis, Points } from "./axis.ts";

/** A model at its parameters, differentiated here. */
export interface ModelSource {
  kind: "model";
  objective: Objective;
  /** θ̂, best at a minimum of the objective. */
  parameters: Float64Array;
}

/** Derivatives made elsewhere: gradients of the loss without the regulariser, and a Hessian of the training loss. */
export interface ArraySource {
  kind: "arrays";
  /** g_i of the training samples, n × d. */
  gradients: Matrix;
  /** The Hessian (or another symmetric curvature) of the mean loss with its regulariser, d × d. */
  hessian: Matrix;
  /** θ̂ and λ/n, where they are known: then stationarity can be told with the regulariser. */
  parameters?: Float64Array;
  ridge?: number;
}

/** Points about which the three questions are asked. */
export interface TestSet {
  /** Short, of letters and digits: part of metric and file names. */
  name: string;
  points: Points;
  /** The samples of a model; their targets are the labels. */
  samples?: Samples;
  /** Gradients of the test losses, t × d, for arrays. */
  gradients?: Matrix;
  /** Are the targets true labels? If not, only the predicted label is used. Default true. */
  labelled?: boolean;
  /** Points known to lie outside of what was trained on. */
  outside?: readonly boolean[];
  /** Points about which influence claims are grouped, by name; default: by phase where it is known. */
  groups?: readonly string[];
}

/** Where the model of a claim comes from. */
export interface About {
  model: string;
  data: string;
  seeds: number[];
}

/** What the curvature lens looks at. */
export interface CurvatureSubject {
  /** Letters and digits: the prefix of metric, figure and claim names. */
  id: string;
  /** The model, as sentences name it: "the smooth net". */
  title: string;
  about: About;
  source: ModelSource | ArraySource;
  axis: ControlAxis;
  train: Points;
  tests: readonly TestSet[];
  /** Names of the classes by index, where the model is a classifier. */
  classes?: readonly string[];
  /** What a regression predicts, its unit, and how much of it one unit of the model's output is; default a pure number. */
  output?: { label: string; unit: string; scale: number };
  /**
   * Should training points that drive a prediction lie close together on the axis (default)? Where they need not, the
   * null of an influence claim is leaving out random points instead of drawing them.
   */
  ordered?: boolean;
  /** Something known along the axis, drawn beneath the answers: the order parameter. */
  known?: { label: string; control: Float64Array; values: Float64Array };
  /** Places on the axis to mark in figures. */
  marks?: readonly { at: number; label: string }[];
  /** Stretches of the axis that were trained on, where that is not all of it. */
  trained?: readonly (readonly [from: number, to: number])[];
  provenance?: readonly Provenance[];
}

/** How many training samples and parameters a source has. */
export function sizesOf(source: CurvatureSubject["source"]): { samples: number; parameters: number } {
  return source.kind === "model"
    ? { samples: source.objective.train.count, parameters: source.objective.size }
    : { samples: source.gradients.rows, parameters: source.gradients.cols };
}

/**
 * Refuses a subject whose parts do not fit together: numbers of points, parameters and labels, names used twice, values
 * that are not finite, parts of the model that make two passes differ.
 * @throws UserError naming the part, what was found and what was expected.
 */
export function checkSubject(subject: CurvatureSubject): void {
  const { id, source, train, tests } = subject;
  demand(/^[A-Za-z][A-Za-z0-9]*$/.test(id), () => `curvature: id '${id}'; expected letters and digits`);
  const { samples, parameters } = sizesOf(source);
  demand(samples >= 2, () => `curvature '${id}': ${samples} training samples; expected two or more`);
  checkPoints(`curvature '${id}': the training points`, train, samples);
  if (source.kind === "model") checkModel(id, source);
  else checkArrays(id, source, parameters);
  demand(
    tests.length > 0,
    () => `curvature '${id}': no test set; name at least one set of points to ask about`,
  );
  const seen = new Set<string>();
  for (const test of tests) {
    demand(
      /^[A-Za-z][A-Za-z0-9]*$/.test(test.name),
      () => `curvature '${id}': test set '${test.name}'; expected a name of letters and digits`,
    );
    demand(!seen.has(test.name), () => `curvature '${id}': test set '${test.name}' is there twice`);
    seen.add(test.name);
    checkTest(id, source, test, parameters);
  }
}

function checkModel(id: string, { objective, parameters }: ModelSource): void {
  if (objective.hazards.length > 0) {
    throw new UserError(
      `curvature '${id}': the model has ${objective.hazards.join(", ")} active: two passes differ, or samples of a batch depend on each other, so that there is no loss of one sample and no one Hessian. Put the model in evaluation mode`,
    );
  }
  demand(
    parameters.length === objective.size,
    () => `curvature '${id}': ${parameters.length} parameters given for a model of ${objective.size}`,
  );
  checkFinite(`curvature '${id}': parameter`, parameters);
}

function checkArrays(id: string, { gradients, hessian, parameters, ridge }: ArraySource, d: number): void {
  demand(
    hessian.rows === d && hessian.cols === d,
    () =>
      `curvature '${id}': a Hessian of ${hessian.rows}×${hessian.cols} for gradients of ${gradients.rows}×${d}; expected ${d}×${d}, one row and column a parameter`,
  );
  checkRows(`curvature '${id}': the training gradients`, gradients);
  checkRows(`curvature '${id}': the Hessian`, hessian);
  let most = 0;
  let apart = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [hessian.data[i * d + j]!, hessian.data[j * d + i]!];
      most = Math.max(most, Math.abs(a), Math.abs(b));
      apart = Math.max(apart, Math.abs(a - b));
    }
    most = Math.max(most, Math.abs(hessian.data[i * d + i]!));
  }
  demand(
    apart <= 1e-3 * most,
    () =>
      `curvature '${id}': the Hessian is not symmetric: entries across the diagonal differ by up to ${apart.toPrecision(3)} where the largest entry is ${most.toPrecision(3)}; a Hessian computed with dropout or batch statistics active looks like that`,
  );
  if (parameters) {
    demand(
      parameters.length === d,
      () => `curvature '${id}': ${parameters.length} parameters for gradients of ${d} columns`,
    );
    checkFinite(`curvature '${id}': parameter`, parameters);
  }
  demand(
    ridge === undefined || ridge >= 0,
    () => `curvature '${id}': ridge ${ridge}; expected a number of at least 0`,
  );
}

function checkTest(id: string, source: CurvatureSubject["source"], test: TestSet, d: number): void {
  const where = `curvature '${id}': test set '${test.name}'`;
  let count: number;
  if (source.kind === "model") {
    if (!test.samples) throw new UserError(`${where} has no samples; a model needs them`);
    count = test.samples.count;
  } else {
    if (!test.gradients) throw new UserError(`${where} has no gradients; arrays need them`);
    demand(
      test.gradients.cols === d,
      () => `${where}: gradients of ${test.gradients!.cols} columns; the training gradients have ${d}`,
    );
    checkRows(`${where}: the gradients`, test.gradients);
    count = test.gradients.rows;
  }
  demand(count > 0, () => `${where} is empty`);
  checkPoints(`${where}: the points`, test.points, count);
  for (const [name, list] of [
    ["flags 'outside'", test.outside],
    ["groups", test.groups],
  ] as const) {
    demand(!list || list.length === count, () => `${where}: ${list?.length} ${name} for ${count} points`);
  }
}

function checkPoints(where: string, { names, control, phase }: Points, count: number): void {
  demand(names.length === count, () => `${where} have ${names.length} names; expected ${count}`);
  demand(control.length === count, () => `${where} have ${control.length} control values; expected ${count}`);
  demand(!phase || phase.length === count, () => `${where} have ${phase?.length} phases; expected ${count}`);
  const bad = control.findIndex((value) => !Number.isFinite(value));
  demand(
    bad < 0,
    () => `${where}: the control value of '${names[bad]}' is ${control[bad]}; expected a number`,
  );
  const seen = new Set<string>();
  for (const name of names) {
    demand(!seen.has(name), () => `${where}: '${name}' is there twice; names must differ`);
    seen.add(name);
  }
}

function checkRows(where: string, { data, cols }: Matrix): void {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  demand(
    bad < 0,
    () => `${where}, row ${Math.floor(bad / cols)}, column ${bad % cols} is ${data[bad]}; expected a number`,
  );
}

function checkFinite(what: string, values: Float64Array): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  demand(bad < 0, () => `${what} ${bad} is ${values[bad]}; expected a number`);
}
