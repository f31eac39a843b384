import type {
  EmbeddingSubject,
  PerturbationProbe,
  TokenTable,
  TruncationSite,
} from "../../lenses/embedding/subject.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { unscaleOutputs } from "../../models/target-scaling.ts";
import type { TokenPredictor } from "../../models/token-predictor.ts";
import type { TokenRegressor } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import type { FlatVector } from "../../optim/adamw.ts";
import { nucleiOf, nuclideKey } from "../../physics/nuclear/nuclides.ts";
import { magicNumbers } from "../../physics/nuclear/terms.ts";
import { rmsOver } from "./baselines.ts";
import { windows } from "./claim-statistics.ts";
import type { NuclearData } from "./data.ts";
import { bindingTokens } from "./evaluate.ts";

/** One network as the embedding lens looks at it. */
export async function embeddingSubject(options: {
  data: NuclearData;
  model: TokenRegressor;
  network: TrainedTokenRegressor;
  predictor: TokenPredictor;
  /** Rows of the chart on which the truncated network is judged. */
  judged: Int32Array;
  fixedN: readonly number[];
  /** Errors to draw beside the truncation curve. */
  references: readonly { label: string; value: number }[];
}): Promise<EmbeddingSubject> {
  const { data, model, network, predictor, judged, fixedN, references } = options;
  const { parameters, scaling } = network;
  const tokens = bindingTokens(data, judged);
  const toBinding = (outputs: Float64Array) =>
    unscaleOutputs(scaling, outputs, new Int32Array(outputs.length));
  const errorOf = (outputs: Float64Array) => {
    const predicted = new Float64Array(data.chart.rows).fill(Number.NaN);
    toBinding(outputs).forEach((value, i) => {
      predicted[judged[i]!] = value;
    });
    return rmsOver(data.chart, predicted, judged);
  };
  const quantity = "RMS error of the binding energy";
  const common = { quantity, unit: "keV", references };

  const table = (name: "Z" | "N", trained: boolean[], label: string): TokenTable => ({
    name,
    label,
    tokens: trained.map((_, token) => token),
    rows: embeddingRows(model, parameters, name),
    trained,
    marked: magicNumbers.filter((magic) => magic < trained.length),
  });
  const tableSite = (of: TokenTable): TruncationSite => ({
    ...common,
    name: of.name,
    label: `${of.name} embeddings`,
    rows: of.rows,
    use: of.trained,
    error: async (rows) => {
      const changed = parameters.slice();
      changed.set(rows.data, model.layout.slice(`embedding.${of.name}`).start);
      return errorOf(await predictor.outputs(changed, tokens));
    },
  });
  const z = table("Z", data.trainedZ, "proton number Z");
  const n = table("N", data.trainedN, "neutron number N");
  const task = embeddingRows(model, parameters, "task");
  const exists = existing(data);
  const perturbation = perturbationProbe(options);
  return {
    ...(curvesExist(data, perturbation) && { perturbation }),
    tables: [z, n],
    sites: [
      tableSite(z),
      tableSite(n),
      {
        ...common,
        name: "penultimate",
        label: "penultimate layer",
        rows: await predictor.activations(parameters, tokens, "penultimate"),
        error: async (rows) => errorOf(await predictor.patched(parameters, tokens, "penultimate", rows)),
      },
    ],
    probe: {
      table: "Z",
      fixed: "N",
      fixedTokens: fixedN,
      quantity: "predicted binding energy",
      unit: "keV",
      exists: (zToken, nToken) => exists.has(nuclideKey(zToken, nToken)),
      async evaluate(vectors, nToken) {
        const points = vectors.rows;
        const zero = new Int32Array(points);
        const side = sideBySide(vectors, rowOf(n.rows, nToken), rowOf(task, 0));
        const asked = { z: zero, n: zero, task: zero };
        return toBinding(await predictor.patched(parameters, asked, "embedding", side));
      },
    },
    provenance: data.source.provenance,
  };
}

/** What a network predicts per nucleon for the judged nuclei when its tables are changed. */
export function perturbationProbe({
  data,
  model,
  network,
  predictor,
  judged,
}: {
  data: NuclearData;
  model: TokenRegressor;
  network: TrainedTokenRegressor;
  predictor: TokenPredictor;
  judged: Int32Array;
}): PerturbationProbe {
  const { parameters, scaling } = network;
  const tokens = bindingTokens(data, judged);
  return {
    z: tokens.z,
    n: tokens.n,
    quantity: "predicted binding energy per nucleon",
    unit: "MeV",
    at: { z: 50, n: 80 },
    async predict(tables) {
      const changed = parameters.slice();
      for (const name of ["Z", "N"] as const) {
        changed.set(tables[name].data, model.layout.slice(`embedding.${name}`).start);
      }
      const outputs = await predictor.outputs(changed, tokens);
      return unscaleOutputs(scaling, outputs, tokens.task).map(
        (keV, i) => keV / 1000 / (tokens.z[i]! + tokens.n[i]!),
      );
    },
  };
}

/** Are there enough nuclei in the windows of the lens along both curves of the perturbed helix? */
function curvesExist({ trainedZ, trainedN }: NuclearData, { z, n, at }: PerturbationProbe): boolean {
  const within = (token: number, [from, to]: readonly [number, number], trained: readonly boolean[]) =>
    trained[token] === true && token >= from && token <= to;
  const pairs = Array.from(z, (token, i) => [token, n[i]!] as const).filter(
    ([a, b]) => within(a, windows.Z, trainedZ) && within(b, windows.N, trainedN),
  );
  const [overZ, overN] = [pairs.filter(([, b]) => b === at.n), pairs.filter(([a]) => a === at.z)];
  return overZ.length >= 6 && overN.length >= 6;
}

/** A trained network's embeddings as a table with a row a token. */
export function tokenTable(
  model: TokenRegressor,
  parameters: FlatVector,
  name: "Z" | "N",
  trained: readonly boolean[],
): TokenTable {
  return {
    ...{ name, trained },
    tokens: trained.map((_, token) => token),
    rows: embeddingRows(model, parameters, name),
  };
}

/** An embedding table of trained parameters, one row a token. */
export function embeddingRows(
  model: TokenRegressor,
  parameters: FlatVector,
  name: "Z" | "N" | "task",
): Matrix {
  const { start, end } = model.layout.slice(`embedding.${name}`);
  const { width } = model.config;
  return matrix((end - start) / width, width, Float64Array.from(parameters.subarray(start, end)));
}

function existing({ chart }: NuclearData): Set<number> {
  const { z, n } = nucleiOf(chart);
  return new Set(Array.from(z, (value, i) => nuclideKey(value, n[i]!)));
}

function rowOf({ data, cols }: Matrix, i: number): Float64Array {
  return data.subarray(i * cols, (i + 1) * cols);
}

/** Rows [z vector, n, task], with the last two the same in every row. */
function sideBySide(vectors: Matrix, n: Float64Array, task: Float64Array): Matrix {
  const width = vectors.cols;
  const out = matrix(vectors.rows, 3 * width);
  for (let i = 0; i < vectors.rows; i++) {
    out.data.set(rowOf(vectors, i), 3 * width * i);
    out.data.set(n, 3 * width * i + width);
    out.data.set(task, 3 * width * i + 2 * width);
  }
  return out;
}
