import { runPainn } from "../../models/potentials/painn-forward.ts";
import type { GraphNetwork } from "../../models/potentials/potential.ts";
import { runSchnet } from "../../models/potentials/schnet-forward.ts";
import { runSo3net } from "../../models/potentials/so3net-forward.ts";
import type { NeighbourGraph } from "../../physics/fluids/graph.ts";
import { painnWalks } from "./painn-walks.ts";
import type { RelevanceRules } from "./rules.ts";
import { schnetWalks } from "./schnet-walks.ts";
import { so3netWalks } from "./so3net-walks.ts";
import type { WalkModel } from "./walk-model.ts";

/** Runs a network on one frame and makes it linear under `rules` (default: conservative). */
export function networkWalks(
  net: GraphNetwork,
  graph: NeighbourGraph,
  species: Int32Array,
  rules?: RelevanceRules,
): WalkModel {
  switch (net.architecture) {
    case "schnet":
      return schnetWalks(net, runSchnet(net, graph, species), rules);
    case "painn":
      return painnWalks(net, runPainn(net, graph, species), rules);
    case "so3net":
      return so3netWalks(net, runSo3net(net, graph, species), rules);
  }
}
