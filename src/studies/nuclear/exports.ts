import { writeCsv } from "../../data/csv.ts";
import { writeNpy } from "../../data/npy.ts";
import { writeSafetensors } from "../../data/safetensors.ts";
import { numberColumn } from "../../data/table.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import type { TokenPredictor } from "../../models/token-predictor.ts";
import type { TokenRegressor } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import type { StudyResult } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import { bindingTokens } from "./evaluate.ts";
import { embeddingRows } from "./subject.ts";

type File = StudyResult["files"][number];

/**
 * What leaves the study for other programs, for each network: weights as safetensors (named, in units of the scaled
 * output; the scaling is in the metadata), embeddings as NPY (token × width) and as CSV with the token and whether it
 * trained, penultimate activations as NPY, with one CSV that names their rows.
 */
export async function exportNetworks(
  data: NuclearData,
  model: TokenRegressor,
  networks: readonly TrainedTokenRegressor[],
  predictor: TokenPredictor,
  rows: Int32Array,
): Promise<File[]> {
  const tokens = bindingTokens(data, rows);
  const files: File[] = [
    {
      name: "activations-rows.csv",
      bytes: csv("activations-rows", [numberColumn("z", "", tokens.z), numberColumn("n", "", tokens.n)]),
    },
  ];
  for (const [k, { parameters, scaling, config }] of networks.entries()) {
    const single = parameters instanceof Float32Array;
    const parts = model.layout.unpack(parameters);
    files.push({
      name: `weights-seed${k}.safetensors`,
      bytes: writeSafetensors(
        Object.fromEntries(
          model.layout.names.map((name) => [name, { shape: model.layout.shapes[name]!, data: parts[name]! }]),
        ),
        {
          config: JSON.stringify(config),
          scaling: JSON.stringify(scaling),
          tasks: data.tasks.map(({ name }) => name).join(","),
        },
      ),
    });
    for (const name of ["Z", "N"] as const) {
      const table = embeddingRows(model, parameters, name);
      const trained = name === "Z" ? data.trainedZ : data.trainedN;
      files.push({ name: `embeddings-${name}-seed${k}.npy`, bytes: npy(table, single) });
      files.push({
        name: `embeddings-${name}-seed${k}.csv`,
        bytes: csv(`embeddings-${name}-seed${k}`, [
          numberColumn(
            "token",
            "",
            trained.map((_, token) => token),
          ),
          numberColumn(
            "trained",
            "",
            trained.map((flag) => (flag ? 1 : 0)),
          ),
          ...Array.from({ length: table.cols }, (_, j) =>
            numberColumn(
              `e${j}`,
              "",
              trained.map((_, token) => table.data[token * table.cols + j]!),
            ),
          ),
        ]),
      });
    }
    const activations = await predictor.activations(parameters, tokens, "penultimate");
    files.push({ name: `activations-penultimate-seed${k}.npy`, bytes: npy(activations, single) });
  }
  return files;
}

/** In the precision the networks compute in. */
function npy({ rows, cols, data }: Matrix, single: boolean): Uint8Array {
  return writeNpy({ shape: [rows, cols], data: single ? Float32Array.from(data) : data });
}

function csv(name: string, columns: ReturnType<typeof numberColumn>[]): Uint8Array {
  const rows = columns[0]!.values.length;
  return new TextEncoder().encode(writeCsv({ name, rows, columns, provenance: [] }));
}
