import { selectRows } from "../../data/select.ts";
import { numberColumn, numbers, type Table } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { aggregate } from "../../lenses/embedding/aggregate.ts";
import type { TokenRegressor } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import { massFormulas } from "../../physics/nuclear/liquid-drop.ts";
import { nucleiOf } from "../../physics/nuclear/nuclides.ts";
import { ws4Published } from "../../physics/nuclear/published.ts";
import { rmsByRegion } from "../../physics/nuclear/regions.ts";
import { baselines as baselinesFigure } from "../../report/figures/baselines.ts";
import { learningCurve } from "../../report/figures/learning-curve.ts";
import type { Section } from "../contract.ts";
import { type FittedBaseline, rmsOver } from "./baselines.ts";
import type { NuclearData } from "./data.ts";
import type { Evaluation } from "./evaluate.ts";
import { mev } from "./report-theory.ts";

/** The part of the report on the networks, their training and their errors beside the formulas'. */
export function modelSection(options: {
  data: NuclearData;
  model: TokenRegressor;
  networks: readonly TrainedTokenRegressor[];
  evaluation: Evaluation;
  baselines: readonly FittedBaseline[];
}): Section {
  const { data, model, networks, evaluation, baselines } = options;
  const { chart } = data;
  const { provenance } = data.source;
  const { validation, errors } = evaluation;
  const findings = emptyFindings();
  findings.metrics = {
    "model.parameters": model.layout.size,
    "model.val.ensemble_rms_keV": evaluation.ensembleError,
    ...aggregate(errors.map((metrics, seed) => ({ seed, metrics }))),
  };
  const heldOut = (values: Float64Array) => rmsOver(chart, values, validation);
  const nuclei = `${validation.length} held-out nuclei`;
  findings.figures.push(
    learningCurve({
      name: "training-curve",
      title: "Error in the course of training",
      caption: `RMS error of the binding energy on ${evaluation.training.length} training and ${nuclei}.`,
      runs: networks.map(({ curve }, seed) => ({
        label: `seed ${seed}`,
        steps: curve.epoch,
        training: curve.training,
        validation: curve.validation,
      })),
      stepLabel: "epoch",
      errorLabel: "RMS error",
      unit: "keV",
      provenance,
    }),
    baselinesFigure({
      name: "baselines",
      title: "The networks beside formulas",
      caption: `RMS error of the binding energy on the same ${nuclei}; networks once a seed. Fitted: least squares on the networks' training nuclei. Published: the error its authors state, on ${ws4Published.nuclei}, not on these nuclei.`,
      rows: [
        {
          label: "network",
          group: "trained here",
          values: errors.map((own) => own["model.val.rms_keV"]!),
        },
        {
          label: `mean of ${networks.length} networks`,
          group: "trained here",
          values: [evaluation.ensembleError],
        },
        ...baselines.flatMap(({ name, fitted, textbook }) => [
          {
            label: `${massFormulas[name].title}, fitted`,
            group: "formula, fitted here",
            values: [heldOut(fitted)],
          },
          {
            label: `${massFormulas[name].title}, textbook`,
            group: "formula, textbook coefficients",
            values: [heldOut(textbook)],
          },
        ]),
        { label: ws4Published.title, group: "published", values: [ws4Published.rms] },
      ],
      errorLabel: "RMS error",
      unit: "keV",
      provenance,
    }),
  );
  findings.tables.push(regionTable(data, evaluation, baselines));
  findings.formulas.push(
    {
      label: "The network",
      tex: "\\mathbf{x}_0 = \\mathrm{SiLU}(W[\\mathbf{e}_Z, \\mathbf{e}_N, \\mathbf{e}_t] + \\mathbf{b}), \\quad \\mathbf{x}_{k+1} = \\mathbf{x}_k + \\mathrm{ReLU}(W_2\\,\\mathrm{ReLU}(W_1 \\mathbf{x}_k + \\mathbf{b}_1) + \\mathbf{b}_2), \\quad y = \\left(\\tfrac{32}{H} R\\,\\mathbf{x} + \\mathbf{c}\\right)_t",
    },
    { label: "Loss", tex: "\\frac{1}{n}\\sum_i \\frac{(\\hat{y}_i - y_i)^2}{w_{t_i}}" },
  );
  const { metrics } = findings;
  findings.summary.push(
    `${networks.length} network${networks.length === 1 ? "" : "s"} of ${model.layout.size} parameters miss the ${nuclei} by ${mev(metrics["model.val.rms_keV"]!)} (median; training nuclei ${mev(metrics["model.train.rms_keV"]!)}); the mean of their predictions by ${mev(evaluation.ensembleError)}.`,
  );
  const best = baselines
    .map(({ name, fitted }) => ({ name, error: heldOut(fitted) }))
    .sort((x, y) => x.error - y.error)[0];
  if (best) {
    const { title, parts } = massFormulas[best.name];
    const better = (error: number) => (error < best.error ? "better" : "not better");
    findings.summary.push(
      `Beside ${title}, whose ${parts.length} coefficients were fitted to the same training nuclei (${mev(best.error)}), a single network is ${better(metrics["model.val.rms_keV"]!)}, their mean is ${better(evaluation.ensembleError)}.`,
    );
  }
  const ratio = metrics["model.val.rms_keV"]! / metrics["model.train.rms_keV"]!;
  if (ratio > 2) {
    findings.diagnostics.push(
      note(
        `The error on held-out nuclei is ${ratio.toFixed(1)} times that on training nuclei: the networks remember more than they understand.`,
      ),
    );
  }
  return {
    title: "Model and training",
    asked: "How well does a small network predict binding energies of nuclei it has not seen?",
    ...findings,
  };
}

/** RMS errors on held-out nuclei by region: the mean of the networks and the fitted formulas. */
function regionTable(data: NuclearData, evaluation: Evaluation, baselines: readonly FittedBaseline[]): Table {
  const { validation, ensemble } = evaluation;
  const table = selectRows(data.chart, validation);
  const nuclei = nucleiOf(table);
  const actual = numbers(table, "binding").values;
  const over = (values: Float64Array) =>
    rmsByRegion(
      nuclei,
      Array.from(validation, (row) => values[row]!),
      actual,
    );
  const own = over(ensemble);
  return {
    name: "rms-by-region",
    rows: own.rows,
    provenance: data.source.provenance,
    columns: [
      ...own.columns.filter(({ name }) => name !== "rms"),
      numberColumn("networks", "keV", numbers(own, "rms").values, {
        help: "RMS error of the networks' mean",
      }),
      ...baselines.map(({ name, fitted }) =>
        numberColumn(name, "keV", numbers(over(fitted), "rms").values, {
          help: `RMS error of ${massFormulas[name].title}, fitted to the training nuclei`,
        }),
      ),
    ],
  };
}
