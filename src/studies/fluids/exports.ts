import { fewBody } from "../../lenses/relevance/expansion/curves.ts";
import { lammpsPairTable } from "../../models/potentials/lammps-table.ts";
import { graphNetwork } from "../../models/potentials/potential.ts";
import type { FluidResult } from "./fluid-study.ts";
import { weightFiles } from "./fluid-study.ts";
import { lammpsTripletTable } from "./triplet-table.ts";

/** Rows of a pair table. */
const rows = 500;

/** Distances of a triplet table; it has count²·(count + 1) rows. */
const legs = 10;

/** What leaves with the run: weights, and V₂ and V₃ of the network in vacuum as tables that LAMMPS reads. */
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
  const text = (file: string, content: string) => ({ name: file, bytes: new TextEncoder().encode(content) });
  const triplets =
    system.field.highestOrder > 2
      ? lammpsTripletTable(exact, {
          element: system.species,
          keyword: `${name.toUpperCase()}_V3`,
          file: `${name}-V3.table`,
          low,
          cutoff: net.cutoff,
          count: legs,
          comment: `V3 of a network trained on ${system.title}: three beads in vacuum less their pairs, exact`,
        })
      : undefined;
  return [
    ...weightFiles(result),
    text(`${name}-V2.table`, table),
    ...(triplets
      ? [text(`${name}-V3.3b`, triplets.parameters), text(`${name}-V3.table`, triplets.table)]
      : []),
  ];
}
