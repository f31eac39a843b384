import { numbers } from "../../data/table.ts";
import { unscaleOutputs } from "../../models/target-scaling.ts";
import type { TokenPredictor, TokenRows } from "../../models/token-predictor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import { nucleiOf } from "../../physics/nuclear/nuclides.ts";
import { mean, rms, variance } from "../../stats/describe.ts";
import { bindingRows, rmsOver } from "./baselines.ts";
import type { NuclearData } from "./data.ts";

/** What the networks say of the chart and how far off they are. */
export interface Evaluation {
  /** Binding energies in keV, one array a network, one value a nuclide of the chart; NaN where Z or N never trained. */
  networks: Float64Array[];
  /** Mean over the networks. */
  ensemble: Float64Array;
  /** Standard deviation over the networks; NaN for one. */
  spread: Float64Array;
  /** Rows of the chart. */
  training: Int32Array;
  validation: Int32Array;
  /** Errors of each network, by metric name. */
  errors: Record<string, number>[];
  ensembleError: number;
}

/** Predictions of all networks for the whole chart, and errors on training and held-out nuclei. */
export async function evaluateNetworks(
  data: NuclearData,
  networks: readonly TrainedTokenRegressor[],
  predictor: TokenPredictor,
): Promise<Evaluation> {
  const { chart, trainedZ, trainedN } = data;
  const nuclei = nucleiOf(chart);
  const known = Int32Array.from({ length: chart.rows }, (_, i) => i).filter(
    (i) => trainedZ[nuclei.z[i]!] && trainedN[nuclei.n[i]!],
  );
  const tokens = bindingTokens(data, known);
  const training = bindingRows(data, data.split.train);
  const validation = bindingRows(data, data.validation);
  const measured = numbers(chart, "measured").values;
  const precise = validation.filter((i) => measured[i] === 1);
  const predictions: Float64Array[] = [];
  const errors: Record<string, number>[] = [];
  for (const { parameters, scaling } of networks) {
    const outputs = await predictor.outputs(parameters, tokens);
    const values = unscaleOutputs(scaling, outputs, tokens.task);
    const all = new Float64Array(chart.rows).fill(Number.NaN);
    known.forEach((row, i) => {
      all[row] = values[i]!;
    });
    predictions.push(all);
    const own: Record<string, number> = {
      "model.train.rms_keV": rmsOver(chart, all, training),
      "model.val.rms_keV": rmsOver(chart, all, validation),
    };
    if (precise.length > 0) own["model.val.measured_rms_keV"] = rmsOver(chart, all, precise);
    errors.push({ ...own, ...(await otherTasks(data, parameters, scaling, predictor)) });
  }
  const over = (f: (values: number[]) => number) =>
    Float64Array.from({ length: chart.rows }, (_, i) => f(predictions.map((values) => values[i]!)));
  const ensemble = over(mean);
  return {
    networks: predictions,
    ensemble,
    spread: over((values) => Math.sqrt(variance(values))),
    training,
    validation,
    errors,
    ensembleError: rmsOver(chart, ensemble, validation),
  };
}

/** Tokens that ask for the binding energy of rows of the chart. */
export function bindingTokens({ chart }: NuclearData, rows: Int32Array): TokenRows {
  const { z, n } = nucleiOf(chart);
  return {
    z: rows.map((i) => z[i]!),
    n: rows.map((i) => n[i]!),
    task: new Int32Array(rows.length),
  };
}

/** Held-out errors of the tasks beside the binding energy: "model.val.sn.rms_keV", "model.val.z.rms". */
async function otherTasks(
  { tasks, samples, validation }: NuclearData,
  parameters: TrainedTokenRegressor["parameters"],
  scaling: TrainedTokenRegressor["scaling"],
  predictor: TokenPredictor,
): Promise<Record<string, number>> {
  const errors: Record<string, number> = {};
  for (const [task, { name, unit }] of tasks.entries()) {
    const rows = validation.filter((i) => samples.task[i] === task);
    if (task === 0 || rows.length === 0) continue;
    const pick = (column: Int32Array) => rows.map((i) => column[i]!);
    const tokens = { z: pick(samples.z), n: pick(samples.n), task: pick(samples.task) };
    const outputs = await predictor.outputs(parameters, tokens);
    const values = unscaleOutputs(scaling, outputs, tokens.task);
    errors[`model.val.${name}.rms${unit === "" ? "" : `_${unit}`}`] = rms(
      values.map((value, i) => value - samples.value[rows[i]!]!),
    );
  }
  return errors;
}

/** The network with the median held-out error, the lower of two. */
export function medianNetwork({ errors }: Evaluation): number {
  const order = errors
    .map((own, k) => ({ k, error: own["model.val.rms_keV"]! }))
    .sort((a, b) => a.error - b.error || a.k - b.k);
  return order[Math.floor((order.length - 1) / 2)]!.k;
}
