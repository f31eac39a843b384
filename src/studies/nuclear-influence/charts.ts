import type { Answers } from "../../lenses/curvature/ask.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { nuclideChart } from "../../report/figures/nuclide-chart.ts";
import type { NuclearData } from "../nuclear/data.ts";
import { nucleusName } from "./chosen.ts";

/**
 * For each asked nucleus a chart of how its predicted binding energy would change if a training nucleus were left out,
 * in keV: the influence on its loss ½r², divided by r.
 * @param range keV in one unit of the network's output
 */
export function influenceCharts(
  data: NuclearData,
  asked: readonly number[],
  answers: Answers,
  range: number,
): PlotFigure[] {
  const { samples, split, source } = data;
  const { influence, predictions, set } = answers;
  const rows = [...split.train, ...asked];
  return asked.map((row, t) => {
    const r = predictions!.outputs.data[t]! - set.samples!.targets[t]!;
    const change = Float64Array.from(
      { length: influence.cols },
      (_, i) => (range * influence.data[t * influence.cols + i]!) / r,
    );
    const name = nucleusName(data, row);
    return nuclideChart({
      name: `influence-z${samples.z[row]}-n${samples.n[row]}`,
      title: `What drove the prediction for ${name}?`,
      caption: `Change of the predicted binding energy of ${name} (dot, held out) if a training nucleus were left out, to first order; one network. Dashed: magic numbers.`,
      z: rows.map((i) => samples.z[i]!),
      n: rows.map((i) => samples.n[i]!),
      value: [...change, ...asked.map((other) => (other === row ? 0 : Number.NaN))],
      valueLabel: "change of the prediction",
      unit: "keV",
      diverging: true,
      clipPercentile: 99,
      marked: rows.map((_, k) => k === split.train.length + t),
      markedLabel: "the nucleus asked about",
      provenance: source.provenance,
    });
  });
}
