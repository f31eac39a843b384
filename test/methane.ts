import { readFileSync } from "node:fs";
import { readExtendedXyz } from "../src/data/extended-xyz.ts";
import { readSafetensors } from "../src/data/safetensors.ts";
import { type Cell, cell } from "../src/physics/fluids/cell.ts";
import { sharedPath } from "./shared.ts";

const folder = "data/methane";
const files = ["so3net-methane.safetensors", "frame0.extxyz", "golden.json", "cg_real_lmax2.json"] as const;
const paths = files.map((file) => sharedPath(`${folder}/${file}`));

/** Whether the published methane network, frame and numbers are there. */
export const methaneIsThere = paths.every((path) => path !== undefined);

/** What the authors' code gives on the frame, in float64. */
export interface MethaneGolden {
  energy_plain: number;
  energy_modified_forward: number;
  sumR_paper: number;
  n_walks: number;
  /** i₀, i₁, i₂, i₃, R in kcal/mol. */
  walks: number[][];
  F0: number[];
  F1: number[];
  F_rms: number;
}

/** The published SO3net of methane, one frame of 125 beads, and numbers to reproduce. MIT, see LICENSE-gnn-lrp-cg. */
export function methane() {
  const [weights, frame, golden, couplings] = paths.map((path) => readFileSync(path!)) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const { positions, cell: vectors } = readExtendedXyz(frame, {
    source: "frame0",
    units: { length: "Å" },
  })[0]!;
  const box: Cell = cell(vectors!);
  return {
    weights: readSafetensors(weights).tensors,
    positions,
    cell: box,
    /** Carbon's row of the embedding. */
    species: new Int32Array(positions.length / 3).fill(6),
    golden: JSON.parse(golden.toString()) as MethaneGolden,
    couplings: (JSON.parse(couplings.toString()) as { entries: number[][] }).entries,
  };
}
