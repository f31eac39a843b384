import { numbers } from "../../data/table.ts";
import { nuclearTerms } from "../../lenses/features/nuclear-terms.ts";
import type { FeatureSubject } from "../../lenses/features/subject.ts";
import { matrix } from "../../linalg/matrix.ts";
import type { TokenPredictor } from "../../models/token-predictor.ts";
import type { TokenRegressor } from "../../models/token-regressor.ts";
import { baseWidth } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import { magicNumbers } from "../../physics/nuclear/terms.ts";
import type { NuclearData } from "./data.ts";
import { bindingTokens } from "./evaluate.ts";

/** One network's last layer before the readout of the binding energy, as the features lens looks at it; energies in MeV. */
export async function featureSubject(options: {
  data: NuclearData;
  model: TokenRegressor;
  network: TrainedTokenRegressor;
  predictor: TokenPredictor;
  /** Rows of the chart. */
  judged: Int32Array;
  references: readonly { label: string; value: number }[];
}): Promise<FeatureSubject> {
  const { data, model, network, predictor, judged, references } = options;
  const { parameters, scaling } = network;
  const { width, vocabularies } = model.config;
  const tokens = bindingTokens(data, judged);
  const tasks = vocabularies[2];
  const of = (name: "readout.weight" | "readout.bias") => {
    const { start, end } = model.layout.slice(name);
    return parameters.subarray(start, end);
  };
  const weights = Float64Array.from(
    { length: width },
    (_, j) => (baseWidth / width) * of("readout.weight")[j * tasks]!,
  );
  const binding = numbers(data.chart, "binding").values;
  const rows = await predictor.activations(parameters, tokens, "penultimate");
  return {
    rows: matrix(rows.rows, rows.cols, rows.data),
    readout: {
      weights,
      bias: of("readout.bias")[0]!,
      scale: scaling.range[0]! / 1000,
      offset: scaling.low[0]! / 1000,
    },
    target: Float64Array.from(judged, (row) => binding[row]! / 1000),
    quantity: "binding energy",
    unit: "MeV",
    terms: nuclearTerms(tokens),
    x: { name: "N", label: "neutron number N", values: tokens.n, marked: magicNumbers },
    y: { name: "Z", label: "proton number Z", values: tokens.z, marked: magicNumbers },
    references: references.map(({ label, value }) => ({ label, value: value / 1000 })),
    provenance: data.source.provenance,
  };
}
