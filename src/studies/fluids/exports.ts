import { fewBody } from "../../lenses/relevance/expansion/curves.ts";
import { lammpsPairTable } from "../../models/potentials/lammps-table.ts";
import { graphNetwork } from "../../models/potentials/potential.ts";
import type { FluidResult } from "./fluid-study.ts";
import { weightFiles } from "./fluid-study.ts";

/** Rows of a pair table. */
const rows = 500;

/** What leaves with the run: weights, and V₂ of the network in vacuum as a table that LAMMPS reads. */
export function exportsOf(result: FluidResult): { name: string; bytes: Uint8Array }[] {
  const { name, networks, system } = result;
  const net = graphNetwork(networks[0]!.weights);
  const exact = fewBody(net);
  const low = 0.6 * net.cutoff * (name === "mw" ? 0.9 : 1);
  const step = (net.cutoff - low) / (rows - 1);
  const distances = Float64Array.from({ length: rows }, (_, k) => low + k * step);
  const h = 1e-4;
  const table = lammpsPairTable(
    {
      distances,
      energies: distances.map((r) => exact.pair(r)),
      forces: distances.map((r) => (exact.pair(r - h) - exact.pair(r + h)) / (2 * h)),
    },
    {
      keyword: `${name.toUpperCase()}_V2`,
      comment: `V2 of a network trained on ${system.title}: two beads in vacuum, exact`,
    },
  );
  return [...weightFiles(result), { name: `${name}-V2.table`, bytes: new TextEncoder().encode(table) }];
}
