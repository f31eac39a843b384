import { writeMinData, writeTsData } from "../../data/min-data.ts";
import { writeNewick } from "../../data/newick.ts";
import type { LandscapeAnalysis } from "../../lenses/landscape/analysis.ts";
import { newickOfMergeTree } from "../../lenses/landscape/network/newick.ts";
import { databaseBytes } from "./network-bytes.ts";

/** What leaves with the run: the database, min.data and ts.data, and the merge tree in Newick's form. */
export function exportsOf(name: string, { network, tree }: Pick<LandscapeAnalysis, "network" | "tree">) {
  const text = (file: string, content: string) => ({ name: file, bytes: new TextEncoder().encode(content) });
  return [
    { name: `${name}.sqlite`, bytes: databaseBytes(network) },
    text(`${name}-min.data`, writeMinData(network.minima)),
    text(`${name}-ts.data`, writeTsData(network.saddles)),
    text(`${name}.nwk`, writeNewick(newickOfMergeTree(tree))),
  ];
}
